"""Letters with which members come in: invitations, and links for a new password."""
