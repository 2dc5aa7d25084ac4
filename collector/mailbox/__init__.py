"""The mails that the demo would send, to be looked at."""
