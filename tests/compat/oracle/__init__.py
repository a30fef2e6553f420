"""W&B's own callbacks beside ours: the same training, two recordings, no difference."""
