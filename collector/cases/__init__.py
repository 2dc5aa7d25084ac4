"""A response that somebody in the team looks after: state, owner, due date, tags, notes and history."""
