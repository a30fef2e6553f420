"""Rewrite legacy W&B Keras usages into the trio: find, plan, render."""
