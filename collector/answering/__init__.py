"""What a person does after the form: leaves an address, answers later, says stop."""
