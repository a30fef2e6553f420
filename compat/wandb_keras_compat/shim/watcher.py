"""Install the shim when ``wandb`` is first imported: what ``enable`` runs in every interpreter.

It costs an interpreter that never imports wandb a fraction of a millisecond, so it imports nothing.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Watcher:
    """Answers no import; the first one of ``wandb`` makes it install the shim and leave."""

    def __init__(self, prefer: str) -> None:
        self.prefer = prefer

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> None:
        """Find nothing; for ``wandb`` install the shim, whose finder is then asked next."""
        if fullname == "wandb":
            unwatch()
            from wandb_keras_compat import shim

            if not shim.installed():
                shim.install(self.prefer)


def watch(prefer: str = "ours") -> None:
    """Wait for ``import wandb``, then install the shim.

    Args:
        prefer: As for ``shim.install()``.
    """
    unwatch()
    sys.meta_path.insert(0, Watcher(prefer))


def unwatch() -> None:
    """Stop waiting."""
    sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, Watcher)]
