"""Where the legacy class is used, and where its value goes."""
