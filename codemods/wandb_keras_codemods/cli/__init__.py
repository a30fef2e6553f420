"""The command ``wandb-keras-migrate``: options, configuration, main."""

from __future__ import annotations

from .main import main

__all__ = ["main"]
