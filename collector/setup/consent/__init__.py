"""What visitors agree to when they leave an address, in the owner's words."""
