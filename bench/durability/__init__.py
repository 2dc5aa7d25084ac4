"""Durability as promised: the collector is killed, its power is cut, its disk filled, its database restarted, and each time
every submission that was acknowledged must be there, once. Each part has a variant that breaks the promise on purpose; a
part that does not notice its variant proves nothing and fails."""
