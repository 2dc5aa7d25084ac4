"""The form on a site's own page: its script, its settings, and a demo page that carries it."""
