"""What W&B 0.13 asks its server before it logs a list of pictures, answered for offline runs."""

from __future__ import annotations

import sys
from typing import Any


def give(run: Any) -> None:
    """Let an offline run log pictures: without network it would ask for days, and training wait.

    Later releases of W&B answer in the same way. Until: wandb 0.13 is dropped

    Args:
        run: The run of the training that begins.
    """
    images = sys.modules.get("wandb.sdk.data_types.image")
    asks = getattr(images, "_server_accepts_image_filenames", None)
    code = getattr(asks, "__code__", None)
    if code is None or "_is_offline" in code.co_names:
        return
    if getattr(getattr(run, "settings", None), "_offline", None) is True:
        wandb: Any = sys.modules["wandb"]
        wandb.api.api._max_cli_version = wandb.__version__
