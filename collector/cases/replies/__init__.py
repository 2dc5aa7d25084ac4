"""What the team writes to the person behind a case."""
