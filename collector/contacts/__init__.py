"""Who can be reached: people's addresses at a site, what they agreed to, and addresses that must not be written to."""
