"""References to the names of metrics, which are logged under others after the migration."""
