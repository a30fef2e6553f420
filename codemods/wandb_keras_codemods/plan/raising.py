"""Whether the evaluation of an expression may raise: what is not known to be safe may."""

from __future__ import annotations

from functools import cached_property
from typing import Iterator

import libcst as cst
from libcst.metadata import Assignment, BuiltinScope, ComprehensionScope

from wandb_keras_codemods.find.module import Module

from .expressions import expressions_of

_SAFE = (
    cst.BaseNumber, cst.SimpleString, cst.ConcatenatedString, cst.FormattedString, cst.Ellipsis,
    cst.Tuple, cst.List, cst.Dict, cst.Lambda, cst.BooleanOperation, cst.IfExp,
)  # fmt: skip
_COMPARES = (cst.Is, cst.IsNot, cst.Equal, cst.NotEqual)


class Raising:
    """Knows which expressions of a module may raise.

    Args:
        module: The module.
    """

    def __init__(self, module: Module) -> None:
        self._module = module

    def may_raise(self, value: cst.BaseExpression) -> bool:
        """Tell whether the evaluation of an expression may raise."""
        return not all(map(self._safe, expressions_of(value)))

    def _safe(self, node: cst.BaseExpression) -> bool:
        if isinstance(node, cst.Name):
            return node not in self._module or self._bound(node)  # else it was put together
        if isinstance(node, cst.UnaryOperation):
            number = isinstance(node.expression, cst.BaseNumber)
            return number or isinstance(node.operator, cst.Not)
        if isinstance(node, cst.Comparison):
            return all(isinstance(each.operator, _COMPARES) for each in node.comparisons)
        if isinstance(node, (cst.Tuple, cst.List)):
            return not any(isinstance(each, cst.StarredElement) for each in node.elements)
        if isinstance(node, cst.Dict):
            return all(
                isinstance(each, cst.DictElement) and isinstance(each.key, cst.SimpleString)
                for each in node.elements
            )
        if isinstance(node, cst.FormattedString):
            return not any(
                isinstance(part, cst.FormattedStringExpression) and part.format_spec
                for part in node.parts
            )
        return isinstance(node, _SAFE)

    def _bound(self, name: cst.Name) -> bool:
        """Whether a name surely has a value: it gets one above, wherever the program goes."""
        if name.value in self._deleted:
            return False
        around = set(self._blocks(name))
        for each in self._module.assignments(name):
            if isinstance(each.scope, (BuiltinScope, ComprehensionScope)):
                return True
            if isinstance(each, Assignment) and around.issuperset(self._blocks(each.node)):
                parameter = isinstance(self._module.parent(each.node), cst.Param)
                if parameter or self._module.order(each.node) < self._module.order(name):
                    return True
        return False

    def _blocks(self, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        """Yield the blocks around a node that are not always entered."""
        below = node
        for above in self._module.around(node):
            if isinstance(below, cst.BaseSuite) and not isinstance(above, cst.With):
                yield below
            below = above

    @cached_property
    def _deleted(self) -> set[str]:
        found = (node for each in self._module.all(cst.Del) for node in expressions_of(each.target))
        return {node.value for node in found if isinstance(node, cst.Name)}
