"""The modules in which W&B offered its Keras callbacks, and our class for each of their names."""

from __future__ import annotations

from typing import Any, Sequence

TRIO = ("WandbEvalCallback", "WandbMetricsLogger", "WandbModelCheckpoint")
LEGACY = "WandbCallback"
NEW_HOME = "wandb.integration.keras"
OLD_HOME = "wandb.keras"

# module -> the names it offers. Those W&B does not have (any more) are made up.
HOMES: dict[str, Sequence[str]] = {
    OLD_HOME: (LEGACY, *TRIO),
    NEW_HOME: (LEGACY, *TRIO),
    "wandb.integration.keras.keras": (LEGACY,),
    "wandb.integration.keras.callbacks": TRIO,
    "wandb.integration.keras.callbacks.metrics_logger": ("WandbMetricsLogger",),
    "wandb.integration.keras.callbacks.model_checkpoint": ("WandbModelCheckpoint",),
    "wandb.integration.keras.callbacks.tables_builder": ("WandbEvalCallback",),
    "wandb.wandb_keras": ("WandbKerasCallback", LEGACY),  # the home before 2019
}
# Old names of what has another name now.
RENAMED = {"WandbKerasCallback": LEGACY}

handed_out: dict[int, Any] = {}  # our classes in use, by identity


def ours(name: str) -> Any:
    """Return this package's class for a name that W&B's modules offered."""
    name = RENAMED.get(name, name)
    if name == LEGACY:
        from wandb_keras_compat import legacy as home
    else:
        from wandb_keras_compat import callbacks as home  # type: ignore[no-redef]
    found = getattr(home, name)
    handed_out[id(found)] = found
    return found
