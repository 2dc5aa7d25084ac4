"""What the product makes of a response: the tailored second question, and the answer that comes back."""
