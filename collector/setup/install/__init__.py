"""How the tag comes onto a site's pages, and whether it has."""
