"""What code tells of values without being run: literals, constants, what is known of a path."""

from __future__ import annotations

import ast
from collections import Counter
from itertools import takewhile
from typing import Any, Mapping, Sequence

import libcst as cst
from libcst.metadata import ExpressionContext

from .meanings import bound
from .module import Module
from .strings import string

UNKNOWN = "?"  # what is known only when the code runs, alone or inside a text
_MAKE_PATHS = {"Path", "fspath", "join", "joinpath", "str"}
_STORED = (ExpressionContext.STORE, ExpressionContext.DEL)


def constants_of(module: Module) -> dict[str, Any]:
    """Return the values of the names that a module assigns once and binds nowhere else."""
    times = Counter(_bound_names(module))
    known: dict[str, Any] = {}
    for assign in sorted(module.all(cst.Assign), key=module.order):
        for target in assign.targets:
            name = target.target
            if isinstance(name, cst.Name) and times[name.value] == 1:
                known[name.value] = value(assign.value, known)
    return known


def _bound_names(module: Module) -> list[str]:
    contexts = module.contexts
    names = [
        node.value
        for node in module.all(cst.Name)
        if contexts.get(node) in _STORED and not isinstance(module.parent(node), cst.Attribute)
    ]
    names += [param.name.value for param in module.all(cst.Param)]
    names += [bound(alias) for alias in module.all(cst.ImportAlias)]
    return names


def arguments(
    call: cst.Call, names: tuple[str, ...], constants: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the arguments of a call.

    Args:
        call: The call.
        names: The names of arguments by position.
        constants: The values of names that have one.

    Returns:
        Values by name; ``**`` stands for others that may be given too.
    """
    positional = [arg for arg in call.args if arg.keyword is None and arg.star != "**"]
    plain = takewhile(lambda arg: not arg.star, positional)
    given = {name: value(arg.value, constants) for name, arg in zip(names, plain)}
    for arg in call.args:
        if arg.keyword is not None or arg.star == "**":
            name = "**" if arg.keyword is None else arg.keyword.value
            given[name] = value(arg.value, constants)
    if len(given) < len(call.args):
        given["**"] = UNKNOWN
    return given


def value(node: cst.BaseExpression, constants: Mapping[str, Any]) -> Any:
    """Return the value of a literal or constant, or what is known of a path; else ``UNKNOWN``."""
    if isinstance(node, cst.Name) and node.value not in ("True", "False", "None"):
        return constants.get(node.value, UNKNOWN)
    text = string(node)
    if text is not None:
        return text
    if not isinstance(node, (cst.Call, cst.Attribute, cst.FormattedString)):
        try:
            return ast.literal_eval(cst.Module([]).code_for_node(node))
        except (TypeError, ValueError, SyntaxError, RecursionError):
            pass
    parts = _parts(node, constants)
    known = any(isinstance(part, str) and part is not UNKNOWN for part in parts)
    return "".join(map(str, parts)) if known else UNKNOWN


def _parts(node: cst.BaseExpression, constants: Mapping[str, Any]) -> Sequence[Any]:
    """Return what is known of the pieces that a path is put together from."""
    if isinstance(node, cst.FormattedString):
        return [
            part.value.replace("{{", "{").replace("}}", "}")
            if isinstance(part, cst.FormattedStringText)
            else value(part.expression, constants)
            for part in node.parts
            if isinstance(part, (cst.FormattedStringText, cst.FormattedStringExpression))
        ]
    if isinstance(node, cst.ConcatenatedString):
        return [value(node.left, constants), value(node.right, constants)]
    if isinstance(node, cst.BinaryOperation):
        if isinstance(node.operator, (cst.Add, cst.Divide)):
            return [value(node.left, constants), value(node.right, constants)]
    elif isinstance(node, cst.Call):
        func = node.func
        name = func.attr.value if isinstance(func, cst.Attribute) else getattr(func, "value", "")
        if name in _MAKE_PATHS:
            return [value(arg.value, constants) for arg in node.args]
    return ()
