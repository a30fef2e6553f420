"""Names and attributes by scope: each place that binds one, each place that reads one."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Iterable, Union

import libcst as cst
from libcst.metadata import ClassScope, ImportAssignment, Scope

from wandb_keras_codemods.find.hidden import Hidden, Unseen
from wandb_keras_codemods.find.module import Module
from wandb_keras_codemods.find.words import Words

Target = Union[cst.Name, cst.Attribute]
_FOREIGN = frozenset({"tensorflow", "keras", "tf_keras", "wandb"})  # tf.keras.callbacks is theirs


@dataclass(frozen=True)
class Binding:
    """One place that binds a name or an attribute.

    Args:
        kind: ``"value"``, ``"parameter"``, ``"function"``, ``"class"``, ``"augmented"`` or
            ``"other"``.
        node: The value, the parameter, the definition or the target.
    """

    kind: str
    node: cst.CSTNode


class Names(Hidden):
    """Answers where names are bound and read."""

    def __init__(self, module: Module, words: Words) -> None:
        super().__init__(module, words)
        self._homes: dict[cst.Name, Scope] = {}
        self._places: dict[str, dict[Scope, list[cst.Name]]] = {}
        self._known: dict[tuple[Scope, str], list[cst.Name] | Unseen] = {}
        self._bindings: dict[tuple[Scope, str], list[Binding]] = {}

    def home(self, name: cst.Name) -> Scope:
        """Return the scope that a name belongs to; the module's when nothing binds it."""
        if name not in self._homes:
            scope = self.module.scope(name)
            assert scope is not None
            homes = {found.scope for found in scope[name.value]}
            if len(homes) > 1:
                raise Unseen(f"{name.value} has several scopes")
            self._homes[name] = homes.pop() if homes else scope.globals
        return self._homes[name]

    def occurrences(self, home: Scope, name: str) -> list[cst.Name]:
        """Return each place of a name that belongs to a scope, in the order of the text.

        Raises:
            Unseen: The name may be bound or read in ways that scopes do not show.
        """
        known = self._known.get((home, name))
        if known is None:
            try:
                known = self._find(home, name)
            except Unseen as reason:
                known = reason
            self._known[home, name] = known
        if isinstance(known, Unseen):
            raise Unseen(str(known))
        return known

    def _find(self, home: Scope, name: str) -> list[cst.Name]:
        self.check_name(home, name)
        if name not in self._places:
            self._places[name] = self._by_home(name)
        return self._places[name][home]

    def _by_home(self, name: str) -> dict[Scope, list[cst.Name]]:
        """Return the places of a name by the scope that they belong to."""
        found: dict[Scope, list[cst.Name]] = defaultdict(list)
        for node in self.words.names[name]:
            parent = self.module.parent(node)
            if isinstance(parent, (cst.ImportAlias, cst.NameItem)):
                continue
            if isinstance(parent, (cst.MatchAs, cst.MatchStar, cst.MatchMapping)):
                raise Unseen(f"{name} is bound by a match statement")
            if isinstance(parent, (cst.TypeVar, cst.TypeVarTuple, cst.ParamSpec, cst.TypeAlias)):
                raise Unseen(f"{name} is a type parameter")
            if isinstance(parent, cst.NamedExpr) and parent.target is node and self._inner(parent):
                raise Unseen(f"{name} is bound in a comprehension")
            scope = self.home(node)
            found[scope].append(node)
            inside = self.module.scope(node)
            if isinstance(scope, ClassScope) and inside is scope and is_read(self.module, node):
                while scope is not scope.parent:
                    # a class may read the outer name before it binds its own
                    scope = scope.parent
                    found[scope].append(node)
        return found

    def _inner(self, node: cst.CSTNode) -> bool:
        for above in self.module.around(node):
            if isinstance(above, (cst.BaseComp, cst.CompFor)):
                return True
            if isinstance(above, (cst.BaseStatement, cst.Lambda)):
                return False
        return False

    def bindings(self, home: Scope, name: str) -> list[Binding]:
        """Return each place that binds a name."""
        if (home, name) not in self._bindings:
            found = [
                binding
                for node in self.occurrences(home, name)
                for binding in [self.binding(node)]
                if binding is not None
            ]
            if any(isinstance(known, ImportAssignment) for known in home[name]):
                found.append(Binding("other", self.module.tree))
            self._bindings[home, name] = found
        return self._bindings[home, name]

    def members(self, name: str) -> list[cst.Attribute]:
        """Return each attribute of a name that an object of this module may have."""
        return [
            node
            for node in self.words.attributes.get(name, ())
            if not {found.split(".")[0] for found in self.module.names(node)} & _FOREIGN
        ]

    def binding(self, node: cst.Name | cst.Attribute) -> Binding | None:
        """Return how a name or attribute is bound at one place; None where it is read."""
        parent = self.module.parent(node)
        if isinstance(parent, cst.AssignTarget):
            statement = self.module.parent(parent)
            assert isinstance(statement, cst.Assign)
            return Binding("value", statement.value)
        if isinstance(parent, cst.AnnAssign) and parent.target is node:
            return None if parent.value is None else Binding("value", parent.value)
        if isinstance(parent, cst.NamedExpr) and parent.target is node:
            return Binding("value", parent.value)
        if isinstance(parent, cst.Param) and parent.name is node:
            return Binding("parameter", parent)
        if isinstance(parent, cst.FunctionDef) and parent.name is node:
            return Binding("function", parent)
        if isinstance(parent, cst.ClassDef) and parent.name is node:
            return Binding("class", parent)
        if isinstance(parent, cst.AugAssign) and parent.target is node:
            return Binding("augmented", node)
        if not is_read(self.module, node) and not isinstance(parent, cst.Del):
            return Binding("other", node)
        return None


def is_read(module: Module, node: cst.Name | cst.Attribute) -> bool:
    """Whether a name or attribute is read, not bound or deleted."""
    above: Iterable[cst.CSTNode] = module.around(node)
    below: cst.CSTNode = node
    for parent in above:
        if isinstance(parent, (cst.Element, cst.StarredElement, cst.Tuple, cst.List)):
            below = parent
            continue
        if isinstance(parent, (cst.AssignTarget, cst.Del, cst.NameItem, cst.ImportAlias)):
            return False
        if isinstance(parent, (cst.For, cst.CompFor, cst.AugAssign, cst.AnnAssign, cst.NamedExpr)):
            return parent.target is not below
        if isinstance(parent, cst.AsName):
            return False
        if isinstance(parent, (cst.FunctionDef, cst.ClassDef, cst.Param)):
            return parent.name is not below
        return True
    return True
