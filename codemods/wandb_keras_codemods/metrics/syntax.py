"""Small questions about expressions: last names, arguments, indexes, texts in displays."""

from __future__ import annotations

from typing import Iterable, Iterator

import libcst as cst

from wandb_keras_codemods.find.module import Module
from wandb_keras_codemods.find.strings import string


def last_name(node: cst.CSTNode) -> str:
    """Return the last word of a name or attribute; empty for anything else."""
    if isinstance(node, cst.Attribute):
        return node.attr.value
    return node.value if isinstance(node, cst.Name) else ""


def arguments(
    call: cst.Call,
) -> tuple[list[cst.BaseExpression], dict[str, cst.BaseExpression]]:
    """Return a call's arguments by position and by name, without those of splats."""
    positional = [arg.value for arg in call.args if arg.keyword is None and not arg.star]
    named = {arg.keyword.value: arg.value for arg in call.args if arg.keyword is not None}
    return positional, named


def fields(node: cst.CSTNode | None) -> dict[str, cst.BaseExpression]:
    """Return the values of a dictionary's display, or of a call of ``dict``, by their keys."""
    if isinstance(node, cst.Dict):
        pairs = [pair for pair in node.elements if isinstance(pair, cst.DictElement)]
        return {text: pair.value for pair in pairs for text in [string(pair.key)] if text}
    if isinstance(node, cst.Call) and last_name(node.func) == "dict":
        return arguments(node)[1]
    return {}


def indexes(node: cst.Subscript) -> list[cst.BaseExpression]:
    """Return what an expression is indexed with."""
    return [element.slice.value for element in node.slice if isinstance(element.slice, cst.Index)]


def listed(nodes: Iterable[cst.BaseExpression]) -> Iterator[cst.BaseExpression]:
    """Yield expressions, and instead of lists and tuples what stands in them."""
    for node in nodes:
        if isinstance(node, (cst.List, cst.Tuple)):
            yield from (element.value for element in node.elements)
        else:
            yield node


def texts(nodes: Iterable[cst.BaseExpression]) -> Iterator[str]:
    """Yield the values of those expressions that are string literals."""
    for node in nodes:
        text = string(node)
        if text is not None:
            yield text


def bound(module: Module, node: cst.CSTNode) -> bool:
    """Tell whether an expression is what something is assigned to or deleted."""
    for above in module.around(node):
        if isinstance(above, (cst.Element, cst.StarredElement, cst.Tuple, cst.List)):
            node = above
            continue
        if isinstance(above, (cst.For, cst.CompFor, cst.AnnAssign, cst.AugAssign)):
            return above.target is node
        return isinstance(above, (cst.AssignTarget, cst.Del))
    return False


def values_of(module: Module, name: str) -> list[cst.BaseExpression]:
    """Return all that a module assigns to a name, in whatever scope."""
    found: list[cst.BaseExpression] = []
    for node in module.all(cst.Assign, cst.AnnAssign):
        targets = (
            [t.target for t in node.targets] if isinstance(node, cst.Assign) else [node.target]
        )
        if node.value is not None and any(
            isinstance(target, cst.Name) and target.value == name for target in targets
        ):
            found.append(node.value)
    return found
