"""The callbacks: one file is one callback."""
