"""How people are treated who have left the page: hours, days, and how often."""
