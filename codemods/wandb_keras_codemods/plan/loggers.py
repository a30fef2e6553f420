"""Which WandbMetricsLogger goes to the same fits as a construction, always or perhaps."""

from __future__ import annotations

from typing import Iterator, Sequence

import libcst as cst
from libcst.metadata import Assignment

from wandb_keras_codemods.find.module import Module
from wandb_keras_codemods.legacy.names import LOGGERS

_ADDS = ("append", "insert", "extend")
_DISPLAYS = (cst.List, cst.Tuple)


class Loggers:
    """Looks for loggers in what fits are given.

    Args:
        module: The module.
    """

    def __init__(self, module: Module) -> None:
        self._module = module

    def beside(
        self, call: cst.Call, fits: Sequence[cst.Call]
    ) -> tuple[cst.Call | None, cst.Call | None]:
        """Return a logger that goes to each fit with a construction, and one that may.

        Args:
            call: The construction.
            fits: The fits that it goes to.
        """
        if not any(name.rpartition(".")[2] in self._module.code for name in LOGGERS):
            return None, None
        mate = self._mate(call)
        if mate is not None:
            return mate, None
        given = [value for fit in fits for value in self._given(fit)]
        always = [self._always(value, (call, fit)) for fit in fits for value in self._given(fit)]
        if always and len(given) == len(fits) and all(always):
            return always[0], None
        return None, next((logger for value in given for logger in self._any(value)), None)

    def _mate(self, call: cst.Call) -> cst.Call | None:
        """Return a logger in the display that a construction is an element of."""
        element = self._module.parent(call)
        display = self._module.parent(element) if isinstance(element, cst.Element) else None
        return self._in_display(display) if isinstance(display, _DISPLAYS) else None

    @staticmethod
    def _given(fit: cst.Call) -> Iterator[cst.BaseExpression]:
        for arg in fit.args:
            if arg.keyword is not None and arg.keyword.value == "callbacks":
                yield arg.value

    def _always(
        self, value: cst.BaseExpression | None, way: tuple[cst.Call, cst.Call], depth: int = 0
    ) -> cst.Call | None:
        """Return a logger that a list has whenever it takes a construction to a fit."""
        if isinstance(value, _DISPLAYS):
            return self._in_display(value)
        if isinstance(value, cst.BinaryOperation):
            left, right = (self._always(side, way, depth) for side in (value.left, value.right))
            return left or right
        if not isinstance(value, cst.Name) or depth > 2:
            return None
        values = self._values(value)
        found = [self._always(each, way, depth + 1) for each in values]
        if found and all(found):
            return found[0]
        if len(values) != 1 or values[0] is None:
            return None
        call, fit = way
        blocks = [self._block(values[0]), self._block(call)]
        for node, logger in self._added(value):
            # where the list or the construction is made, and before the fit
            if self._block(node) in blocks and self._module.order(node) < self._module.order(fit):
                return logger
        return None

    def _any(self, value: cst.BaseExpression, depth: int = 0) -> Iterator[cst.Call]:
        """Yield the loggers that a list may have."""
        if isinstance(value, _DISPLAYS):
            for element in value.elements:
                yield from self._any(element.value, depth)
        elif isinstance(value, cst.BinaryOperation):
            yield from self._any(value.left, depth)
            yield from self._any(value.right, depth)
        elif isinstance(value, cst.IfExp):
            yield from self._any(value.body, depth)
            yield from self._any(value.orelse, depth)
        elif isinstance(value, cst.Call) and self._is_logger(value):
            yield value
        elif isinstance(value, cst.Name) and depth < 3:
            for each in self._values(value):
                yield from () if each is None else self._any(each, depth + 1)
            yield from (logger for _, logger in self._added(value))

    def _in_display(self, display: cst.List | cst.Tuple) -> cst.Call | None:
        for element in display.elements:
            values: list[cst.BaseExpression | None] = [element.value]
            if isinstance(element.value, cst.Name):
                values = self._values(element.value)
            (value,) = values if len(values) == 1 else (None,)
            if isinstance(value, cst.Call) and self._is_logger(value):
                return value
        return None

    def _added(self, name: cst.Name) -> Iterator[tuple[cst.CSTNode, cst.Call]]:
        """Yield the loggers that are put into the list of a name, and the statements that do."""
        scope = self._module.scope(name)
        for node in self._module.all(cst.AugAssign, cst.Call):
            held: cst.CSTNode
            if isinstance(node, cst.AugAssign):
                held, given = node.target, [node.value]
            elif isinstance(node.func, cst.Attribute) and node.func.attr.value in _ADDS:
                held, given = node.func.value, [arg.value for arg in node.args]
            else:
                continue
            if not isinstance(held, cst.Name) or held.value != name.value:
                continue
            if self._module.scope(held) is scope:
                yield from ((node, logger) for value in given for logger in self._any(value, 2))

    def _values(self, name: cst.Name) -> list[cst.BaseExpression | None]:
        """Return what is assigned to a name, None for what is bound in another way."""
        found: list[cst.BaseExpression | None] = []
        for each in self._module.assignments(name):
            above = self._module.parent(each.node) if isinstance(each, Assignment) else None
            if isinstance(above, cst.AugAssign):
                continue  # which adds to what was assigned
            assign = self._module.parent(above) if isinstance(above, cst.AssignTarget) else None
            found.append(assign.value if isinstance(assign, cst.Assign) else None)
        return sorted(found, key=self._module.order)

    def _block(self, node: cst.CSTNode) -> cst.CSTNode | None:
        """Return the block that a node's statement stands in."""
        return self._module.parent(self._module.parent(self._module.statement(node)))

    def _is_logger(self, call: cst.Call) -> bool:
        names = self._module.names(call.func)
        return bool(names) and names <= LOGGERS
