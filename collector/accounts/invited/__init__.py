"""What somebody does who was invited."""
