"""What all HTTP edges share. A closed list: nothing comes in here that one slice could keep."""
