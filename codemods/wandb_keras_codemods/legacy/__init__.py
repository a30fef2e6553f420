"""What the legacy callback was: its names, its arguments, its rules."""
