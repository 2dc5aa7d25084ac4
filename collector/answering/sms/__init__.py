"""What comes back by SMS: answers, stops, and what became of a message."""
