"""The module that went with 0.17."""

import wandb

if not wandb.OLD:
    raise ModuleNotFoundError("No module named 'wandb.keras'", name="wandb.keras")

from wandb.integration.keras import WandbCallback as WandbCallback
from wandb.integration.keras import WandbCallback as WandbKerasCallback
from wandb.integration.keras import WandbEvalCallback as WandbEvalCallback
from wandb.integration.keras import WandbMetricsLogger as WandbMetricsLogger
from wandb.integration.keras import WandbModelCheckpoint as WandbModelCheckpoint

__all__ = [
    "WandbCallback", "WandbEvalCallback", "WandbKerasCallback", "WandbMetricsLogger",
    "WandbModelCheckpoint",
]  # fmt: skip
