"""The first run: whoever can read the collector's terminal becomes the first owner."""
