"""From a file's bytes to its outcome: Python, notebooks, YAML, requirements, Markdown."""
