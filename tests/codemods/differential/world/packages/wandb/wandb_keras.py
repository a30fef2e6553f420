"""The home of 2018."""

import wandb

if not wandb.OLD:
    raise ModuleNotFoundError("No module named 'wandb.wandb_keras'", name="wandb.wandb_keras")

from wandb.integration.keras import WandbCallback
from wandb.integration.keras import WandbCallback as WandBKerasCallback
from wandb.integration.keras import WandbCallback as WandbKerasCallback
