"""What members set aside from the list or from a response's page, and take back."""
