"""What a person can do about their feedback: see what became of it, take the answer back, say when to be asked, erase all."""
