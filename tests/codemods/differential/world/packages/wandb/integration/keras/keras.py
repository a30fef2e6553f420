"""The module in which wandb defined the class."""

from wandb.integration.keras import WandbCallback
