"""What became of showing the form: counts by page and day, without anybody in them."""
