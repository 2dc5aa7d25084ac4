"""Follow-ups by SMS: what they say, to whom they may go, and what is heard of them."""
