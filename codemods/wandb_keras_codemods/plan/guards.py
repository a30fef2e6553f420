"""Whether the program goes on when an argument raises: a ``try`` is around its construction."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property

import libcst as cst

from wandb_keras_codemods.find.chains import last_name
from wandb_keras_codemods.find.module import Module

from .expressions import expressions_of

# what the evaluation of an argument does not raise
_OTHER = frozenset(
    {"ImportError", "ModuleNotFoundError", "KeyboardInterrupt", "SystemExit", "GeneratorExit"}
)
_CATCHERS = frozenset({"suppress", "raises", "assertRaises", "assertRaisesRegex"})
_DIVISIONS = (cst.Divide, cst.FloorDivide, cst.Modulo)


class Guards:
    """Knows where exceptions are caught.

    Args:
        module: The module.
    """

    def __init__(self, module: Module) -> None:
        self._module = module

    def may_be_caught(self, call: cst.Call, value: cst.BaseExpression) -> bool:
        """Tell whether an argument may raise, and the program catch that.

        Args:
            call: The construction.
            value: The argument's expression.
        """
        return any(map(self._may_raise, expressions_of(value))) and self.guarded(call)

    def _may_raise(self, node: cst.BaseExpression) -> bool:
        if isinstance(node, cst.Subscript):
            return any(isinstance(element.slice, cst.Index) for element in node.slice)
        if isinstance(node, cst.BinaryOperation):
            return isinstance(node.operator, _DIVISIONS)
        if isinstance(node, cst.Name) and node in self._module:  # else it was put together
            parent = self._module.parent(node)
            member = isinstance(parent, cst.Attribute) and parent.attr is node
            return not member and not self._module.assignments(node)
        return isinstance(node, cst.Attribute)

    def guarded(self, node: cst.CSTNode) -> bool:
        """Tell whether the program may catch what is raised at a place.

        Args:
            node: What stands there.
        """
        function = self._module.function(node)
        return self._caught(node) or (function is not None and self._name(function) in self._called)

    def _name(self, function: cst.FunctionDef) -> str:
        """Return how a function is called: an ``__init__`` by its class."""
        if function.name.value != "__init__":
            return function.name.value
        above = (a for a in self._module.around(function) if isinstance(a, cst.ClassDef))
        owner = next(above, None)
        return "" if owner is None else owner.name.value

    @cached_property
    def _called(self) -> set[str]:
        """The names of functions whose exceptions may be caught, however deep they are called."""
        inside: dict[str, set[str]] = defaultdict(set)
        found: set[str] = set()
        for call in self._module.all(cst.Call):
            name = last_name(call.func)
            function = self._module.function(call)
            if function is not None:
                inside[self._name(function)].add(name)
            if self._caught(call):
                found.add(name)
        todo = list(found)
        while todo:
            for name in inside[todo.pop()] - found:
                found.add(name)
                todo.append(name)
        return found

    def _caught(self, node: cst.CSTNode) -> bool:
        """Whether an exception at a place is caught in its function."""
        below = node
        for above in self._module.around(node):
            if isinstance(above, (cst.FunctionDef, cst.Lambda)):
                return False
            if isinstance(above, (cst.Try, cst.TryStar)):
                if above.body is below and any(map(_catches, above.handlers)):
                    return True
            elif isinstance(above, cst.With) and above.body is below:
                calls = [each.item for each in above.items if isinstance(each.item, cst.Call)]
                if any(last_name(each.func) in _CATCHERS for each in calls):
                    return True
            below = above
        return False


def _catches(handler: cst.ExceptHandler | cst.ExceptStarHandler) -> bool:
    kind = handler.type
    if kind is None:
        return True
    kinds = [e.value for e in kind.elements] if isinstance(kind, cst.Tuple) else [kind]
    return not all(last_name(each) in _OTHER for each in kinds)
