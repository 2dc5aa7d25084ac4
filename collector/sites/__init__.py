"""Where this runs: registered web properties, their origins and their manners."""
