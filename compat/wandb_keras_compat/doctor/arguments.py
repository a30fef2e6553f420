"""Constructions of W&B's classes, and what is known of their arguments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Mapping

# W&B's classes, and their arguments that may be given by position; more of them are not known.
PARAMETERS = {
    "WandbCallback": (
        "monitor", "verbose", "mode", "save_weights_only", "log_weights", "log_gradients",
        "save_model",
    ),
    "WandbMetricsLogger": (),
    "WandbModelCheckpoint": (
        "filepath", "monitor", "verbose", "save_best_only", "save_weights_only",
    ),
    "WandbEvalCallback": (),
}  # fmt: skip
UNKNOWN = "?"  # what is known only when the code runs, alone or inside a text


@dataclass(frozen=True)
class Call:
    """One place that constructs a class of W&B's, or derives one from it.

    Args:
        name: The dotted name of W&B's class.
        place: File and line.
        arguments: What each argument is given, with ``UNKNOWN`` where the code has to run; ``**``
            stands for arguments that may be given besides. None for a derived class.
    """

    name: str
    place: str
    arguments: Mapping[str, Any] | None

    @property
    def short(self) -> str:
        """The name of the class."""
        return self.name.rpartition(".")[2]

    def value(self, argument: str, default: Any = None) -> Any:
        """Return what an argument is, or ``UNKNOWN``."""
        arguments = self.arguments or {}
        return arguments.get(argument, UNKNOWN if "**" in arguments else default)

    def on(self, argument: str, default: Any = None) -> bool:
        """Whether an argument certainly is a true value."""
        value = self.value(argument, default)
        return value is not UNKNOWN and bool(value)
