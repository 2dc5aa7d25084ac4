"""What is asked: the question, its scale, the categories."""
