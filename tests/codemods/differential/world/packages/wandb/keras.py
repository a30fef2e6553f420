"""The module that went with 0.17."""

import wandb

if not wandb.OLD:
    raise ModuleNotFoundError("No module named 'wandb.keras'", name="wandb.keras")

from wandb.integration.keras import *
from wandb.integration.keras import WandbCallback as WandbKerasCallback

__all__ = [  # noqa: F405
    "WandbCallback", "WandbEvalCallback", "WandbKerasCallback", "WandbMetricsLogger",
    "WandbModelCheckpoint",
]  # fmt: skip
