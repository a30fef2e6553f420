"""The engine that the rooms replace; it goes when they are complete."""
