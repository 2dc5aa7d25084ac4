"""What the team is told without looking: at once by rule, and in a digest now and then."""
