"""Which follow-up question a response gets: the pack, the owner's own questions, and a look at both."""
