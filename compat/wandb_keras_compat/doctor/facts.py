"""All that the doctor's diagnosis depends on, as plain values: collected here, or simulated."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from typing import Mapping

from wandb_keras_compat.environment import Environment, detect
from wandb_keras_compat.environment.installed import installed

OFF, ON, OURS_ON = "off", "on", "on, for every legacy import"


@dataclass(frozen=True)
class Facts:
    """All that a diagnosis depends on, as plain values.

    Args:
        environment: What ``detect()`` tells.
        environ: The environment variables.
        protobuf: Version of protobuf, or None.
        numpy: Version of NumPy, or None.
        shim: ``OFF``, ``ON`` or ``OURS_ON``, as this interpreter was started.
        spawns: Whether worker processes are spawned, not forked.
    """

    environment: Environment
    environ: Mapping[str, str] = field(default_factory=dict)
    protobuf: str | None = None
    numpy: str | None = None
    shim: str = OFF
    spawns: bool = False

    @property
    def mode(self) -> str:
        """What W&B's client is told to be: ``"online"``, ``"offline"`` or ``"disabled"``."""
        mode = self.environ.get("WANDB_MODE", "").lower()
        if mode == "disabled" or self.environ.get("WANDB_DISABLED", "").lower() in ("1", "true"):
            return "disabled"
        return "offline" if mode in ("offline", "dryrun") else "online"


def collect() -> Facts:
    """Return the facts of this interpreter; no Keras, no backend and no wandb is imported."""
    import multiprocessing

    protobuf, numpy = (installed((name,)) for name in ("protobuf", "numpy"))
    method = multiprocessing.get_start_method(allow_none=True)
    default = multiprocessing.get_all_start_methods()[0]
    return Facts(
        detect(), dict(os.environ), protobuf, numpy, _shim(), (method or default) != "fork"
    )


def _shim() -> str:
    from wandb_keras_compat.shim.enable import STARTUP
    from wandb_keras_compat.shim.finder import Finder

    for finder in sys.meta_path:
        if isinstance(finder, Finder) or type(finder).__module__ == STARTUP:
            return OURS_ON if getattr(finder, "prefer", "") == "ours" else ON
    return OFF
