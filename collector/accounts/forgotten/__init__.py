"""A new password for whoever forgot theirs, by a letter to their own address."""
