"""References to metric names: Python, sweeps, queries."""
