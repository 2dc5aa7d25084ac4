"""The widget's front door: settings out, submissions and answers in."""
