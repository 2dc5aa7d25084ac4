"""What the team sets, page by page: the first member, sites and their tag, what is asked, when, and how it looks."""
