"""What came, what is overdue and what changed, told to each member as often as the member likes."""
