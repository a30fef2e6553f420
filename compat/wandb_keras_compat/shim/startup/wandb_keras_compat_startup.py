"""Wait until W&B's Keras modules are asked for, then install the shim: all that starts with Python.

``enable`` writes this text into a .pth file, ``sitecustomize`` beside it imports it. It imports
nothing before, and belongs to no package, so that no test suite finds a module loaded too early.
"""

import sys

HOMES = frozenset(("wandb.keras", "wandb.integration.keras", "wandb.wandb_keras"))


class Watcher:
    """Stays silent but for W&B's homes, which it hands to the shim."""

    def __init__(self, force: bool) -> None:
        self.force = force
        self.waiting = True

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> object:
        """Return what the shim's finder does, which was not there when the import began."""
        if fullname not in HOMES:
            return None
        try:
            from wandb_keras_compat.shim import find_spec, install, installed
        except ImportError:  # uninstalled, or another interpreter's
            return None
        if self.waiting:
            if not installed():
                install(force=self.force)
            self.waiting = False
        return find_spec(fullname, path, target)


def watch(force: bool) -> None:
    """Wait, and let nobody else do so.

    Args:
        force: As for ``shim.install()``.
    """
    # Each start-up file has a class of its own, so the name tells.
    others = [f for f in sys.meta_path if type(f).__module__ != __name__]
    sys.meta_path[:] = [Watcher(force), *others]
