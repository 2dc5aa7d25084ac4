"""Who uses this: teams and the keys with which their programs read."""
