"""Give ``wandb.keras`` and ``wandb.integration.keras`` their old names back; the only side effect.

They are this package's classes, unless W&B's are preferred where it still has them. Nothing is
imported before the user's code imports it, nothing is written into W&B's folder, and
``uninstall()`` undoes all of it.
"""

from __future__ import annotations

import sys
import threading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec
    from typing import Any

    from .finder import Finder

OURS, THEIRS = "ours", "wandb"

_finder: Finder | None = None
_changing = threading.RLock()


def install(prefer: str = OURS) -> None:
    """Make every legacy import of W&B's Keras callbacks work; calling it again changes nothing.

    Args:
        prefer: Whose classes: ``"ours"`` (default), this package's, everywhere; ``"wandb"``, those
            of the installed W&B where it still has them.

    Raises:
        ValueError: If ``prefer`` is neither.

    Example:
        >>> import wandb_keras_compat.shim
        >>> wandb_keras_compat.shim.install()
        >>> from wandb.keras import WandbCallback  # doctest: +SKIP
    """
    global _finder
    if prefer not in (OURS, THEIRS):
        raise ValueError(f"prefer={prefer!r}: expected 'ours' or 'wandb'.")
    from .finder import Finder

    with _changing:
        if _finder is not None:
            if _finder.prefer == prefer:
                return
            uninstall()
        _finder = Finder(prefer)
        sys.meta_path.insert(0, _finder)
        _finder.amend_loaded()


def uninstall() -> None:
    """Undo ``install()``: W&B's modules are again as W&B made them."""
    global _finder
    with _changing:
        if _finder is not None:
            sys.meta_path.remove(_finder)
            _finder.restore()
            _finder = None


def installed() -> bool:
    """Whether the shim is in place."""
    return _finder is not None


def awake(
    watcher: Any, fullname: str, path: Any = None, target: object = None
) -> ModuleSpec | None:
    """Install the shim for who waited for an import since the interpreter started.

    Returns:
        What the shim's finder answers: it was not among those asked when the import began.
    """
    with _changing:
        if not vars(watcher).setdefault("awake", False):
            watcher.awake = True
            if _finder is None:
                install(watcher.prefer)
        finder = _finder
    return None if finder is None else finder.find_spec(fullname, path, target)
