"""What somebody said, for whoever holds its token: to see, answer, correct and erase."""
