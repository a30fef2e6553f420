"""What names mean: the qualified names an expression may have, by what binds its first name."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import libcst as cst
from libcst.helpers import get_full_name_for_node
from libcst.metadata import BaseAssignment, BuiltinScope, ImportAssignment, Scope

from wandb_keras_codemods.find.strings import string

from .module import Module

LOCAL = "<local>"
NONE = "<none>"  # what ``except ImportError: wandb = None`` leaves; it cannot be read or called
IMPORT_MODULE = "importlib.import_module"

_CAPTURES = (cst.MatchAs, cst.MatchStar, cst.MatchMapping)


@dataclass(eq=False)
class Binding:
    """One place that gives a name a meaning.

    Args:
        name: The name.
        meaning: A qualified name, ``LOCAL`` or ``NONE``.
        scope: The scope it is bound in.
        statement: The import, or the assignment of an imported module; None for all else.
        alias: For an import, the part that binds it.
        declared: Whether it is bound outside its scope, by ``global`` or ``nonlocal``.
    """

    name: str
    meaning: str
    scope: Scope
    statement: cst.BaseSmallStatement | None = None
    alias: cst.ImportAlias | None = None
    declared: bool = False


class Meanings:
    """Looks names up in one module.

    LibCST's own qualified names do not follow ``importlib.import_module`` and ``getattr``, miss
    what a ``match`` captures, and give ``wandb = None`` the name that the module has.
    """

    def __init__(self, module: Module) -> None:
        self._module = module
        self._bindings: dict[BaseAssignment, Binding] = {}
        self._open = 0  # lookups that are not done
        self._scopes: dict[cst.Name, Scope | None] = {}
        self._found: dict[tuple[Scope, str], tuple[Binding, ...]] = {}

    def bindings(self, name: cst.Name) -> tuple[Binding, ...]:
        """Return what may bind a name that is read; empty when nothing does."""
        if name not in self._scopes:
            self._scopes[name] = self._module.scope(name)
        scope = self._scopes[name]
        return () if scope is None else self.lookup(scope, name.value)

    def lookup(self, scope: Scope, name: str) -> tuple[Binding, ...]:
        """Return what may bind a name that is read in a scope."""
        known = self._found.get((scope, name))
        if known is None:
            # x = x.astype("float32"): what x means here is asked for while it is found out
            depth, self._open = self._open, self._open + 1
            known = tuple(self._look_up(scope, name))
            self._open = depth
            if not depth:
                self._found[scope, name] = known
        return known

    def _look_up(self, scope: Scope, name: str) -> list[Binding]:
        found = [self._binding(each) for each in scope[name]]
        if name in self._nonlocal:
            aliases = {each.alias for each in self._nonlocal[name]}
            found = [each for each in found if each.alias is None or each.alias not in aliases]
        for access in scope.accesses[name]:
            if isinstance(self._module.parent(access.node), _CAPTURES):
                found.append(Binding(name, LOCAL, scope))
        if name in self._walruses:  # LibCST gives these to the comprehension alone
            found.append(Binding(name, LOCAL, scope))
        if name in self._nonlocal:  # LibCST files these in the scope around, whoever binds the name
            found += self._nonlocal[name]
        order = self._module.order
        return sorted(found, key=lambda each: order(each.statement))

    @cached_property
    def _walruses(self) -> frozenset[str]:
        """Names that are bound inside comprehensions for the function around them."""
        kinds = (cst.ListComp, cst.SetComp, cst.DictComp, cst.GeneratorExp)
        return frozenset(
            node.target.value
            for node in self._module.all(cst.NamedExpr)
            if isinstance(node.target, cst.Name)
            and any(isinstance(above, kinds) for above in self._module.around(node))
        )

    @cached_property
    def _nonlocal(self) -> dict[str, list[Binding]]:
        """Imports that bind a name of a function around theirs."""
        found: dict[str, list[Binding]] = {}
        for node in self._module.all(cst.Nonlocal):
            names = {item.name.value for item in node.names}
            function = self._module.function(node)
            for statement in self._module.all(cst.Import, cst.ImportFrom):
                if self._module.function(statement) is function:
                    aliases = () if isinstance(statement.names, cst.ImportStar) else statement.names
                    for alias in aliases:
                        scope = self._module.scope(statement)
                        if bound(alias) in names and scope is not None:
                            meaning = imported(statement, alias)
                            found.setdefault(bound(alias), []).append(
                                Binding(bound(alias), meaning, scope, statement, alias, True)
                            )
        return found

    def _binding(self, assignment: BaseAssignment) -> Binding:
        if assignment not in self._bindings:
            self._bindings[assignment] = Binding(assignment.name, LOCAL, assignment.scope)
            self._bindings[assignment] = self._read(assignment)
        return self._bindings[assignment]

    def _read(self, assignment: BaseAssignment) -> Binding:
        name, scope = assignment.name, assignment.scope
        if isinstance(scope, BuiltinScope):
            return Binding(name, f"builtins.{name}", scope)
        if isinstance(assignment, ImportAssignment):
            statement = assignment.node
            assert isinstance(statement, (cst.Import, cst.ImportFrom))
            alias = self.alias(assignment)
            declared = self._module.scope(statement) is not scope
            return Binding(name, imported(statement, alias), scope, statement, alias, declared)
        node = getattr(assignment, "node", None)
        value, assign = self._value(node)
        meaning = LOCAL
        if isinstance(value, cst.Name) and value.value in ("None", "False"):
            meaning = NONE
        elif isinstance(value, cst.Call):
            meaning = self._imported_module(value) or LOCAL
        held = assign if meaning not in (LOCAL, NONE) else None
        declared = held is not None and self._module.scope(held) is not scope
        return Binding(name, meaning, scope, held, declared=declared)

    def _value(
        self, node: cst.CSTNode | None
    ) -> tuple[cst.BaseExpression | None, cst.BaseSmallStatement | None]:
        """Return the value that is assigned to a name, and the statement that does it."""
        if not isinstance(node, cst.Name):
            return None, None
        parent = self._module.parent(node)
        if isinstance(parent, cst.AssignTarget):
            parent = self._module.parent(parent)
            assert isinstance(parent, cst.Assign)
            return parent.value, parent
        if isinstance(parent, cst.AnnAssign):
            return parent.value, parent
        return None, None

    def alias(self, assignment: ImportAssignment) -> cst.ImportAlias:
        """Return the part of an import that makes an assignment."""
        node: cst.CSTNode = assignment.as_name
        while not isinstance(node, cst.ImportAlias):
            node = self._module.parent(node)
        return node

    def qualified(self, node: cst.CSTNode) -> frozenset[str]:
        """Return the qualified names an expression may stand for; empty for an unbound name."""
        if isinstance(node, cst.Name):
            return frozenset(binding.meaning for binding in self.bindings(node))
        if isinstance(node, cst.Attribute):
            return self._member(node.value, node.attr.value)
        if isinstance(node, cst.Call):
            member = self.member_by_name(node)
            if member is not None:
                return self._member(*member)
            path = self._imported_module(node)
            if path is not None:
                return frozenset({path})
        return frozenset({LOCAL})

    def member_by_name(self, call: cst.Call) -> tuple[cst.BaseExpression, str] | None:
        """Return owner and name of ``getattr(owner, "name")``."""
        if not isinstance(call.func, cst.Name) or call.func.value != "getattr":
            return None
        if len(call.args) != 2 or any(arg.keyword or arg.star for arg in call.args):
            return None
        name = string(call.args[1].value)
        if name is None or self.qualified(call.func) != {"builtins.getattr"}:
            return None
        return call.args[0].value, name

    def _member(self, owner: cst.BaseExpression, name: str) -> frozenset[str]:
        return frozenset(
            LOCAL if path == LOCAL else f"{path}.{name}"
            for path in self.qualified(owner)
            if path != NONE
        )

    def _imported_module(self, call: cst.Call) -> str | None:
        """Return the module of ``importlib.import_module("...")``."""
        if not call.args or not isinstance(call.func, (cst.Name, cst.Attribute)):
            return None
        given: dict[str, str | None] = {"name": None, "package": None}
        for name, arg in zip(("name", "package"), call.args):
            key = arg.keyword.value if arg.keyword is not None else name
            given[key] = string(arg.value) if not arg.star else None
        path, package = given["name"], given["package"]
        if path is None or self.qualified(call.func) != {IMPORT_MODULE}:
            return None
        if path.startswith("."):
            return f"{package}{path}" if package and not path.startswith("..") else None
        return path


def imported(statement: cst.BaseSmallStatement, alias: cst.ImportAlias) -> str:
    """Return the qualified name that a part of an import binds."""
    name = alias.evaluated_name
    if isinstance(statement, cst.ImportFrom):
        return f"{from_module(statement)}.{name}"
    return name if alias.asname is not None else name.split(".")[0]


def from_module(statement: cst.ImportFrom) -> str:
    """Return the module of a ``from`` import, with its dots when it is relative."""
    module = "" if statement.module is None else get_full_name_for_node(statement.module) or ""
    return "." * len(statement.relative) + module


def bound(alias: cst.ImportAlias) -> str:
    """Return the name that a part of an import binds."""
    return alias.evaluated_alias or alias.evaluated_name.split(".")[0]
