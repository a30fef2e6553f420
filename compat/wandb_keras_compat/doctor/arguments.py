"""Constructions of W&B's classes, and what the code tells of their arguments without being run."""

from __future__ import annotations

import ast
from collections import Counter
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


def learn(tree: ast.AST, constants: dict[str, Any]) -> None:
    """Note the values of the names that a file or cell assigns once and binds nowhere else."""
    bound = Counter(filter(None, map(_binds, ast.walk(tree))))
    for name in bound:
        constants.pop(name, None)  # of an earlier cell
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name) and bound[target.id] == 1:
                    constants[target.id] = _value(node.value, constants)


def _binds(node: ast.AST) -> str | None:
    """Return the name that a node gives a meaning to."""
    if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
        return node.id
    if isinstance(node, ast.arg):
        return node.arg
    if isinstance(node, ast.alias):
        return node.asname or node.name
    name = getattr(node, "name", None)  # of a function, a class, an exception, a pattern
    return name if isinstance(name, str) else None


def arguments(
    call: ast.Call, names: tuple[str, ...], constants: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the arguments of a call.

    Args:
        call: The call.
        names: The names of arguments by position.
        constants: The values of names that have one.

    Returns:
        Values by name; ``**`` stands for others that may be given too.
    """
    plain = list(takewhile(lambda node: not isinstance(node, ast.Starred), call.args))
    given = {name: _value(node, constants) for name, node in zip(names, plain)}
    given.update(
        {keyword.arg or "**": _value(keyword.value, constants) for keyword in call.keywords}
    )
    if len(given) < len(call.args) + len(call.keywords):
        given["**"] = UNKNOWN
    return given


def _value(node: ast.expr, constants: Mapping[str, Any]) -> Any:
    """Return the value of a literal or constant, or what is known of a path; else ``UNKNOWN``."""
    if isinstance(node, ast.Name):
        return constants.get(node.id, UNKNOWN)
    if isinstance(node, ast.FormattedValue):
        return _value(node.value, constants)
    try:
        return ast.literal_eval(node)
    except (TypeError, ValueError):
        pass
    parts = [_value(piece, constants) for piece in _pieces(node)]
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
