"""Classes and functions of a module: what a receiver is, what a call runs."""

from __future__ import annotations

from dataclasses import dataclass

import libcst as cst
from libcst.metadata import ClassScope, Scope

from wandb_keras_codemods.find.hidden import Unseen
from wandb_keras_codemods.find.module import Function, Module
from wandb_keras_codemods.find.names import Binding, Names
from wandb_keras_codemods.find.words import Words

_OPEN_ATTRIBUTES = frozenset({"__getattr__", "__getattribute__", "__setattr__", "__new__"})
_PLAIN_BASES = frozenset({"builtins.object", "abc.ABC", "typing.Generic"})


@dataclass(frozen=True)
class Callee:
    """A function that a call may run; ``skip`` parameters are filled by what it is bound to."""

    function: Function
    skip: int = 0


class Holders(Names):
    """Answers what holds a value: names, attributes, and here classes and functions."""

    def __init__(self, module: Module, words: Words) -> None:
        super().__init__(module, words)
        # what others have asked for: methods that something else may stand for, names of main
        self.replaced: dict[str, bool] = {}
        self.only_main: dict[tuple[Scope, str], bool] = {}

    def _bound(self, name: cst.Name) -> list[Binding]:
        """Return what binds a name; nothing when that is not seen."""
        try:
            return self.bindings(self.home(name), name.value)
        except Unseen:
            return []

    def receiver_class(self, node: cst.BaseExpression) -> cst.ClassDef | None:
        """Return the class in whose method an expression is the first parameter."""
        if not isinstance(node, cst.Name):
            return None
        bound = self._bound(node)
        if len(bound) != 1 or bound[0].kind != "parameter":
            return None
        parameters = self.module.parent(bound[0].node)
        function = self.module.parent(parameters)
        if not isinstance(parameters, cst.Parameters) or not isinstance(function, cst.FunctionDef):
            return None
        order = (*parameters.posonly_params, *parameters.params)
        if not order or order[0] is not bound[0].node:
            return None
        if any(self.decorators(function) - {"property", "classmethod"}):
            return None
        return self.class_around(function)

    def class_around(self, node: cst.CSTNode) -> cst.ClassDef | None:
        """Return the class that a function is a method of."""
        below: cst.CSTNode = node
        for above in self.module.around(node):
            if isinstance(above, cst.ClassDef) and above.body is below:
                return above
            if isinstance(above, (cst.FunctionDef, cst.Lambda, cst.ClassDef)):
                return None
            below = above
        return None

    def decorators(self, node: cst.FunctionDef | cst.ClassDef) -> set[str]:
        """Return the names of a definition's decorators; ``"?"`` for what has none."""
        return {
            decorator.decorator.value if isinstance(decorator.decorator, cst.Name) else "?"
            for decorator in node.decorators
        }

    # classes

    def ancestry(
        self, owner: cst.ClassDef, below: tuple[cst.ClassDef, ...] = ()
    ) -> list[cst.ClassDef] | None:
        """Return a class and its bases; None when one of them is not defined here."""
        if owner.decorators or any(
            keyword.keyword is None
            or keyword.keyword.value != "metaclass"
            or not self._abc(keyword)
            for keyword in owner.keywords
        ):
            return None
        found, bases = [owner], []
        for base in owner.bases:
            value = base.value
            if base.star:
                return None
            if isinstance(value, cst.Subscript):
                value = value.value
            names = self.module.names(value)
            if names and names <= _PLAIN_BASES:
                continue
            known = self.class_of(value)
            if known is None or known is owner:
                return None
            bases.append(known)
        for known in bases:
            above = self.ancestry(known, (*below, owner)) if known not in below else None
            if above is None:
                return None
            found += above
        return found

    def known_bases(self, owner: cst.ClassDef) -> list[cst.ClassDef]:
        """Return a class and those of its bases that are defined here."""
        found = [owner]
        for member in found:
            for base in member.bases:
                known = self.class_of(base.value)
                if known is not None and known not in found:
                    found.append(known)
        return found

    def _abc(self, keyword: cst.Arg) -> bool:
        return self.module.names(keyword.value) == {"abc.ABCMeta"}

    def class_of(self, node: cst.BaseExpression) -> cst.ClassDef | None:
        """Return the class defined here that a name means, if it can mean nothing else."""
        if not isinstance(node, cst.Name):
            return None
        bound = self._bound(node)
        if len(bound) != 1 or bound[0].kind != "class":
            return None
        found = bound[0].node
        assert isinstance(found, cst.ClassDef)
        return found

    def open_class(self, owner: cst.ClassDef) -> str | None:
        """Return why attributes of a class may be used unseen; None when they are not."""
        family = self.ancestry(owner)
        if family is None:
            return f"{owner.name.value} has bases or decorators that are not seen"
        for heir in self.heirs(family):
            if self.ancestry(heir) is None:
                return f"{heir.name.value} has bases or decorators that are not seen"
            family.append(heir)
        for member in family:
            for name in _OPEN_ATTRIBUTES:
                if self.defines(member, name):
                    return f"{member.name.value} defines {name}"
        return None

    def heirs(self, family: list[cst.ClassDef]) -> list[cst.ClassDef]:
        """Return the classes here that derive from some, directly or not."""
        found = []
        known = list(family)
        for member in known:
            for other in self.words.classes:
                bases = [self.class_of(base.value) for base in other.bases]
                if member in bases and other not in known:
                    known.append(other)
                    found.append(other)
        return found

    def defines(self, owner: cst.ClassDef, name: str) -> cst.FunctionDef | None:
        """Return the method of a class that has a name, the last one when there are several."""
        found = None
        for node in self.words.names[name]:
            function = self.module.parent(node)
            if isinstance(function, cst.FunctionDef) and function.name is node:
                found = function if self.class_around(function) is owner else found
        return found

    def only_typed(self, name: cst.Name) -> bool:
        """Tell whether a class of known bases says an attribute's type and gives it no value."""
        statement = self.module.parent(name)
        if not isinstance(statement, cst.AnnAssign) or statement.target is not name:
            return False
        owner = next((a for a in self.module.around(name) if isinstance(a, cst.ClassDef)), None)
        known = owner is not None and self.ancestry(owner) is not None
        return statement.value is None and known

    def may_be_wrapped(self, method: Function) -> bool:
        """Tell whether what makes a method's class may put another function in its place."""
        owner = self.class_around(method)
        if owner is None or not all(map(self._abc, owner.keywords)):
            return True
        for decorator in owner.decorators:
            node = decorator.decorator
            node = node.func if isinstance(node, cst.Call) else node
            if self.module.names(node) != {"dataclasses.dataclass"}:
                return True
        return False

    # calls

    def callees(self, call: cst.Call) -> list[Callee] | None:
        """Return the functions defined here that a call runs; None when others may run."""
        function = call.func
        if isinstance(function, cst.Name):
            return self._named_callees(function)
        if isinstance(function, cst.Attribute):
            owner = self.receiver_class(function.value) or self.instance_of(function.value)
            if owner is None or self.open_class(owner) is not None:
                return None
            return self.methods_named(function.attr.value) or None
        if isinstance(function, cst.Lambda):
            return [Callee(function)]
        return None

    def _named_callees(self, name: cst.Name) -> list[Callee] | None:
        bound = self._bound(name)
        if len(bound) != 1:
            return None
        node = bound[0].node
        if isinstance(node, cst.FunctionDef):
            return None if node.decorators else [Callee(node)]
        if isinstance(node, cst.Lambda):
            return [Callee(node)]
        if not isinstance(node, cst.ClassDef) or self.open_class(node) is not None:
            return None
        for member in self.ancestry(node) or []:
            method = self.defines(member, "__init__")
            if method is not None:
                return None if method.decorators else [Callee(method, 1)]
        return None

    def instance_of(self, node: cst.BaseExpression) -> cst.ClassDef | None:
        """Return the class defined here whose instance a name or call is."""
        if isinstance(node, cst.Call):
            return self.class_of(node.func)
        if not isinstance(node, cst.Name):
            return None
        found = set()
        for binding in self._bound(node):
            value = binding.node
            known = self.class_of(value.func) if isinstance(value, cst.Call) else None
            if binding.kind != "value" or known is None:
                return None
            found.add(known)
        return found.pop() if len(found) == 1 else None

    def methods_named(self, name: str) -> list[Callee] | None:
        """Return every method of that name; None when one of them is not plain."""
        found = []
        for node in self.words.names[name]:
            binding = self.binding(node)
            if binding is None or not isinstance(self.home(node), ClassScope):
                continue
            method = binding.node
            if not isinstance(method, cst.FunctionDef):
                return None
            decorators = self.decorators(method)
            if decorators - {"staticmethod", "classmethod"}:
                return None
            found.append(Callee(method, 0 if "staticmethod" in decorators else 1))
        return found
