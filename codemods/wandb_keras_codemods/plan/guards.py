"""Whether the program goes on when an argument raises: a ``try`` is around its construction."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property

import libcst as cst

from wandb_keras_codemods.find.chains import last_name
from wandb_keras_codemods.find.module import Module
from wandb_keras_codemods.find.project import Project

from .raising import Raising

# what the evaluation of an argument does not raise
_OTHER = frozenset(
    {"ImportError", "ModuleNotFoundError", "KeyboardInterrupt", "SystemExit", "GeneratorExit"}
)
# contexts that catch what is raised in them, and calls that catch what a function raises
_CATCHERS = frozenset({"suppress", "raises", "assertRaises", "assertRaisesRegex", "ExitStack"})
_CALLERS = _CATCHERS | {"submit", "run_in_executor", "apply_async"}
_EXITS = frozenset({"__exit__", "__aexit__"})
_LATER = (cst.Lambda, cst.GeneratorExp)


class Guards:
    """Knows where exceptions are caught.

    Args:
        module: The module.
        project: What other files do.
    """

    def __init__(self, module: Module, project: Project) -> None:
        self._module, self._project = module, project
        self._raising = Raising(module)

    def may_be_caught(self, call: cst.Call, value: cst.BaseExpression) -> bool:
        """Tell whether an argument may raise, and the program catch that.

        Args:
            call: The construction.
            value: The argument's expression.
        """
        return self._raising.may_raise(value) and self.guarded(call)

    def guarded(self, node: cst.CSTNode) -> bool:
        """Tell whether the program may catch what is raised at a place.

        Args:
            node: What stands there.
        """
        if any(isinstance(above, _LATER) for above in self._module.around(node)):
            return bool(self._tries)
        function = self._module.function(node)
        return self._caught(node) or (function is not None and self._name(function) in self._called)

    def _name(self, function: cst.FunctionDef) -> str:
        """Return how a function is called: an ``__init__`` by its class."""
        if function.name.value not in ("__init__", "__new__", "__call__"):
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
            given = {last_name(arg.value) for arg in call.args} - {""}
            inside[name] |= given  # a function that is given may be called
            function = self._module.function(call)
            if function is not None:
                inside[self._name(function)].add(name)
            if self._caught(call):
                found.add(name)
            if given and (name in _CALLERS | self._catching or self._elsewhere(name)):
                found |= given
        for function in self._module.all(cst.FunctionDef):
            wrappers = {last_name(_called(each.decorator)) for each in function.decorators}
            name = self._name(function)
            if wrappers & self._catching or any(map(self._elsewhere, {name, *wrappers})):
                found.add(name)
        for owner in self._module.all(cst.ClassDef):
            inside[owner.name.value] |= {last_name(base.value) for base in owner.bases}
        todo = list(found)
        while todo:
            for name in inside[todo.pop()] - found:
                found.add(name)
                todo.append(name)
        return found

    def _elsewhere(self, name: str) -> bool:
        return self._project.catches(self._module.filename, name)

    @cached_property
    def _catching(self) -> set[str]:
        """The functions and classes that have something that catches, or may swallow, in them."""
        contexts = [f for f in self._module.all(cst.FunctionDef) if f.name.value in _EXITS]
        return {
            above.name.value
            for node in (*self._tries, *contexts)
            for above in (node, *self._module.around(node))
            if isinstance(above, (cst.FunctionDef, cst.ClassDef))
        }

    @cached_property
    def _tries(self) -> list[cst.Try | cst.TryStar]:
        return [each for each in self._module.all(cst.Try, cst.TryStar) if _any_catches(each)]

    def _caught(self, node: cst.CSTNode) -> bool:
        """Whether an exception at a place is caught in its function."""
        below = node
        for above in self._module.around(node):
            if isinstance(above, (cst.FunctionDef, cst.Lambda)):
                return False
            if isinstance(above, (cst.Try, cst.TryStar)):
                if above.body is below and _any_catches(above):
                    return True
            elif isinstance(above, cst.With) and above.body is below:
                names = {last_name(_called(each.item)) for each in above.items}
                if names & (_CATCHERS | self._catching):
                    return True
            below = above
        return False


def _called(node: cst.BaseExpression) -> cst.BaseExpression:
    return node.func if isinstance(node, cst.Call) else node


def _any_catches(node: cst.Try | cst.TryStar) -> bool:
    return any(map(_catches, node.handlers))


def _catches(handler: cst.ExceptHandler | cst.ExceptStarHandler) -> bool:
    kind = handler.type
    if kind is None:
        return True
    kinds = [e.value for e in kind.elements] if isinstance(kind, cst.Tuple) else [kind]
    return not all(last_name(each) in _OTHER for each in kinds)
