"""Is this value better than the best so far?: the legacy rule, on plain numbers."""

from __future__ import annotations

import math
import operator
from typing import Any, Callable

_MODES = ("auto", "min", "max")


def direction(monitor: str, mode: str) -> str:
    """Return ``"min"`` or ``"max"`` for a monitored metric.

    ``"auto"`` maximises names with ``acc`` in them or that start with ``fmeasure`` and minimises
    the rest; ``val_auc`` is therefore minimised. This is the rule of Keras 2's ModelCheckpoint
    and of the legacy WandbCallback.

    Args:
        monitor: Name of the metric, for example ``"val_loss"``.
        mode: ``"auto"``, ``"min"`` or ``"max"``.

    Raises:
        TypeError: If the monitor is no name.
        ValueError: If the mode is none of these.

    Example:
        >>> direction("val_accuracy", "auto"), direction("val_auc", "auto")
        ('max', 'min')
    """
    if not isinstance(monitor, str) and (monitor is not None or mode == "auto"):
        raise TypeError(f"monitor={monitor!r}: expected the name of a metric.")
    if mode not in _MODES:
        raise ValueError(
            f"mode={mode!r} is unknown: expected one of {', '.join(map(repr, _MODES))}."
        )
    if mode != "auto":
        return mode
    return "max" if "acc" in monitor or monitor.startswith("fmeasure") else "min"


def operator_of(direction: str) -> Callable[[Any, Any], Any]:
    """Return the comparison ``better(value, best)`` for a direction."""
    return operator.gt if direction == "max" else operator.lt


def worst(direction: str) -> float:
    """Return the value that every finite value beats."""
    return -math.inf if direction == "max" else math.inf


def improves(
    value: Any | None,
    best: Any,
    better: Callable[[Any, Any], Any],
    warn: Callable[[str, str], None],
) -> bool:
    """Whether a value beats the best so far; what is missing, NaN or no number never does.

    Args:
        value: The metric's value.
        best: The best so far.
        better: The comparison ``better(value, best)``.
        warn: Takes a sentence about what is no number, and what kind of sentence that is.

    Example:
        >>> improves(0.0, 0.1, operator.lt, print), improves(None, 0.1, operator.lt, print)
        (True, False)
    """
    try:
        if value is None or value != value:
            return False
        return best is None or bool(better(value, best))
    except (TypeError, ValueError):  # an array with a score for each class, a string
        warn(f"The monitored value {value!r} is not one number, so it is never the best.", "best")
        return False
