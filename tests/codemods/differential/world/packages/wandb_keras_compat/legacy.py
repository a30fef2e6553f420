"""The module in which the legacy class lives."""

from wandb_keras_compat import WandbCallback

__all__ = ["WandbCallback"]
