"""Constructions of W&B's classes, and what the code tells of their arguments without being run."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from itertools import takewhile
from typing import Any, Mapping, Sequence

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
_MAKE_PATHS = {"Path", "fspath", "join", "joinpath", "str"}


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


def arguments(call: ast.Call, names: tuple[str, ...]) -> dict[str, Any]:
    """Return the arguments of a call, by name; ``**`` stands for others that may be given too."""
    plain = list(takewhile(lambda node: not isinstance(node, ast.Starred), call.args))
    given = dict(zip(names, map(_value, plain)))
    given.update({keyword.arg or "**": _value(keyword.value) for keyword in call.keywords})
    if len(given) < len(call.args) + len(call.keywords):
        given["**"] = UNKNOWN
    return given


def _value(node: ast.expr) -> Any:
    """Return the value of a literal, or what is known of a path; else ``UNKNOWN``."""
    try:
        return ast.literal_eval(node)
    except (TypeError, ValueError):
        pass
    parts = [_value(piece) for piece in _pieces(node)]
    known = any(isinstance(part, str) and part is not UNKNOWN for part in parts)
    return "".join(map(str, parts)) if known else UNKNOWN


def _pieces(node: ast.expr) -> Sequence[ast.expr]:
    """Return what a path is put together from."""
    if isinstance(node, ast.JoinedStr):
        return node.values
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Div)):
        return node.left, node.right
    if isinstance(node, ast.Call):
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        return node.args if name in _MAKE_PATHS else ()
    return ()
