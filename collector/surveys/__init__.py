"""What is asked: a survey's scale, prompt, categories and question pack, and whether it is open."""
