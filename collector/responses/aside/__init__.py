"""Setting responses aside: what a member does not want to be counted, without losing it."""
