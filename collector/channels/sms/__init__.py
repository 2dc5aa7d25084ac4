"""What is particular about text messages: parts, numbers, replies, and when to stop."""
