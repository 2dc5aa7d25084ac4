"""Where the team reads what came in: a list that is filtered and searched, the whole story of a response, saved views."""
