"""The command ``wandb-keras-migrate``: options, configuration, main."""

from __future__ import annotations

from .program import main

__all__ = ["main"]
