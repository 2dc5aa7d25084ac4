"""A team's tags: renamed, merged, deleted."""
