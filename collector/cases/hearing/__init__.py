"""What a case makes of what the person behind it says."""
