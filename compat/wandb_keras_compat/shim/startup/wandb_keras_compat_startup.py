"""Wait until W&B's Keras modules are asked for, then call the shim: all that starts with Python.

``enable`` writes this text into a .pth file, ``sitecustomize`` beside it imports it. It imports
nothing before, and belongs to no package, so that no test suite finds a module loaded too early.
"""

import sys

HOMES = ("wandb.keras", "wandb.integration.keras", "wandb.wandb_keras")


class Watcher:
    """Silent but for W&B's homes; the first that is asked for makes it install the shim."""

    def __init__(self, prefer: str) -> None:
        self.prefer = prefer

    def find_spec(self, name: str, path: object = None, target: object = None) -> object:
        """Return what the shim's finder does, which was not there when the import began."""
        if name not in HOMES:
            return None
        try:
            from wandb_keras_compat.shim import awake
        except ImportError:  # uninstalled, or another interpreter's
            return None
        return awake(self, name, path, target)


def watch(prefer: str) -> None:
    """Wait, and let no other start-up file do so: ``prefer`` is as for ``shim.install()``."""
    others = [finder for finder in sys.meta_path if type(finder).__module__ != __name__]
    sys.meta_path[:] = [Watcher(prefer), *others]  # type: ignore[list-item]
