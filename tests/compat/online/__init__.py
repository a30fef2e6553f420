"""The real client against a W&B server on loopback: what an online run uploads and gets back."""
