"""Resolve names by Python's scopes: which bindings a name may have, and who reads each binding.

Qualified names are sets, as LibCST's QualifiedNameProvider gives them: one name for every way a
binding may have come about, ``LOCAL`` for what the program defines itself, the empty set for a name
that nothing binds. LibCST's own providers take six to nine times as long as parsing; this takes a
fraction of it.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import Union

LOCAL = "<local>"
NONE = "<none>"  # what ``except ImportError: wandb = None`` leaves; it cannot be read or called
NOTHING: frozenset[str] = frozenset()

_Function = Union[ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda]
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


@dataclass(eq=False)
class Binding:
    """One place that gives a name a meaning.

    Args:
        name: The name.
        node: The statement or expression that binds it.
        scope: The scope it is bound in.
        alias: For an import, the part that binds it.
        value: For ``name = value``, the value.
        qualified: For an import, what is imported.
        declared: Whether it is bound outside its scope, by ``global`` or ``nonlocal``.
        references: The expressions that read the name where this binding may be meant.
    """

    name: str
    node: ast.AST
    scope: Scope
    alias: ast.alias | None = None
    value: ast.expr | None = None
    qualified: str | None = None
    declared: bool = False
    references: list[ast.Name] = field(default_factory=list)


@dataclass(eq=False)
class Scope:
    """A module, class, function or comprehension, and what it binds."""

    node: ast.AST
    parent: Scope | None
    bindings: dict[str, list[Binding]] = field(default_factory=dict)
    elsewhere: dict[str, str] = field(default_factory=dict)  # declared global or nonlocal

    @property
    def is_class(self) -> bool:
        """Whether names bound here are invisible to the functions inside."""
        return isinstance(self.node, ast.ClassDef)

    def bind(self, binding: Binding) -> None:
        """Add a binding to the scope."""
        self.bindings.setdefault(binding.name, []).append(binding)


class Scopes(ast.NodeVisitor):
    """The scopes of a module.

    Args:
        tree: The module.
    """

    def __init__(self, tree: ast.Module) -> None:
        self.module = Scope(tree, None)
        self.stars: list[ast.ImportFrom] = []
        self.unresolved: list[ast.Name] = []
        self.scope_of: dict[ast.Name, Scope] = {}
        self.by_node: dict[ast.AST, Scope] = {tree: self.module}
        self.imports: list[Binding] = []
        self._scope = self.module
        self._found: dict[ast.Name, list[Binding]] = {}
        for statement in tree.body:
            self.visit(statement)
        for name, scope in self.scope_of.items():
            bindings = self.lookup(scope, name.id)
            self._found[name] = bindings
            for binding in bindings:
                binding.references.append(name)
            if not bindings:
                self.unresolved.append(name)

    def lookup(self, scope: Scope, name: str) -> list[Binding]:
        """Return the bindings a name read in a scope may have."""
        where: Scope | None = scope
        while where is not None:
            declared = where.elsewhere.get(name)
            if declared == "global":
                return self.module.bindings.get(name, [])
            if name in where.bindings and (where is scope or not where.is_class):
                return where.bindings[name]
            where = where.parent
        return []

    def bindings(self, name: ast.Name) -> list[Binding]:
        """Return the bindings a name that is read may have."""
        return self._found.get(name, [])

    def qualified(self, node: ast.AST) -> frozenset[str]:
        """Return the qualified names an expression may stand for."""
        if isinstance(node, ast.Name):
            return frozenset(map(_meaning, self.bindings(node)))
        if isinstance(node, ast.Attribute):
            return self._member(node.value, node.attr)
        if isinstance(node, ast.Call) and not node.keywords and node.args:
            if isinstance(node.func, ast.Name) and node.func.id == "getattr":
                if len(node.args) == 2 and not self.bindings(node.func):
                    name = _string(node.args[1])
                    return frozenset({LOCAL}) if name is None else self._member(node.args[0], name)
            elif self.qualified(node.func) == {"importlib.import_module"}:
                path = _string(node.args[0])
                if path is not None and len(node.args) == 1:
                    return frozenset({path})
        return frozenset({LOCAL})

    def _member(self, owner: ast.AST, name: str) -> frozenset[str]:
        return frozenset(
            LOCAL if path == LOCAL else f"{path}.{name}"
            for path in self.qualified(owner)
            if path != NONE
        )

    # what binds a name

    def _bind(self, name: str, node: ast.AST, **more: object) -> Binding:
        scope = self._scope
        if scope.elsewhere.get(name) == "global":
            scope = self.module
        elif scope.elsewhere.get(name) == "nonlocal" and scope.parent is not None:
            outer: Scope | None = scope.parent
            while outer is not None and (outer.is_class or name not in outer.bindings):
                outer = outer.parent
            scope = outer or scope
        binding = Binding(name, node, scope, **more)  # type: ignore[arg-type]
        binding.declared = scope is not self._scope
        scope.bind(binding)
        return binding

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            name = alias.asname or alias.name.split(".")[0]
            path = alias.name if alias.asname else name
            self.imports.append(self._bind(name, node, alias=alias, qualified=path))

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        module = "." * node.level + (node.module or "")
        for alias in node.names:
            if alias.name == "*":
                self.stars.append(node)
                continue
            path = f"{module}.{alias.name}"
            self.imports.append(
                self._bind(alias.asname or alias.name, node, alias=alias, qualified=path)
            )

    def visit_Assign(self, node: ast.Assign) -> None:
        self.visit(node.value)
        for target in node.targets:
            if isinstance(target, ast.Name):
                self._assign(target, node, node.value)
            else:
                self.visit(target)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self.visit(node.annotation)
        if node.value is not None:
            self.visit(node.value)
        if isinstance(node.target, ast.Name):
            self._assign(node.target, node, node.value)
        else:
            self.visit(node.target)

    def _assign(self, target: ast.Name, node: ast.stmt, value: ast.expr | None) -> None:
        binding = self._bind(target.id, node, value=value)
        if isinstance(value, ast.Call) and len(value.args) == 1:
            binding.qualified = self._imported_module(value)
            if binding.qualified is not None:
                self.imports.append(binding)

    def _imported_module(self, call: ast.Call) -> str | None:
        """Return the module of ``importlib.import_module("...")``, before names are resolved."""
        function, path = call.func, _string(call.args[0])
        if path is None:
            return None
        if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
            owner, member = function.value.id, f".{function.attr}"
        elif isinstance(function, ast.Name):
            owner, member = function.id, ""
        else:
            return None
        found = {binding.qualified for binding in self.lookup(self._scope, owner)}
        return (
            path if {f"{name}{member}" for name in found} == {"importlib.import_module"} else None
        )

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self.generic_visit(node)
        if isinstance(node.target, ast.Name):
            self.scope_of[node.target] = self._scope

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Store):
            self._bind(node.id, node)
        else:
            self.scope_of[node] = self._scope

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self.visit(node.value)
        inner = self._scope
        while isinstance(self._scope.node, _COMPREHENSIONS) and self._scope.parent is not None:
            self._scope = self._scope.parent
        self._bind(node.target.id, node)
        self._scope = inner

    def visit_Global(self, node: ast.Global) -> None:
        for name in node.names:
            self._scope.elsewhere[name] = "global"

    def visit_Nonlocal(self, node: ast.Nonlocal) -> None:
        for name in node.names:
            self._scope.elsewhere[name] = "nonlocal"

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        if node.name is not None:
            self._bind(node.name, node)
        self.generic_visit(node)

    def generic_visit(self, node: ast.AST) -> None:
        """Visit the children; structural patterns bind the names they capture."""
        for attribute in ("name", "rest"):
            if type(node).__name__ in ("MatchAs", "MatchStar", "MatchMapping"):
                captured = getattr(node, attribute, None)
                if captured is not None:
                    self._bind(captured, node)
        super().generic_visit(node)

    # what opens a scope

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._visit_all([*node.decorator_list, *node.bases, *node.keywords])
        self._bind(node.name, node)
        self._enter(node, node.body)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self._function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self._function(node)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self._function(node)

    def _function(self, node: _Function) -> None:
        arguments = node.args
        parameters = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        parameters += [extra for extra in (arguments.vararg, arguments.kwarg) if extra is not None]
        self._visit_all([*arguments.defaults, *(d for d in arguments.kw_defaults if d is not None)])
        self._visit_all([p.annotation for p in parameters if p.annotation is not None])
        if not isinstance(node, ast.Lambda):
            self._visit_all(node.decorator_list)
            if node.returns is not None:
                self.visit(node.returns)
            self._bind(node.name, node)
        body = [node.body] if isinstance(node, ast.Lambda) else node.body
        self._enter(node, body, parameters)

    def _comprehension(
        self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp
    ) -> None:
        self.visit(node.generators[0].iter)
        inside: list[ast.AST] = []
        for number, generator in enumerate(node.generators):
            inside += [generator.target, *([generator.iter] if number else []), *generator.ifs]
        inside += [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        self._enter(node, inside)

    visit_ListComp = visit_SetComp = visit_GeneratorExp = visit_DictComp = _comprehension  # noqa: N815

    def _enter(
        self, node: ast.AST, inside: list[ast.AST] | list[ast.stmt] | list[ast.expr],
        parameters: list[ast.arg] | None = None,
    ) -> None:  # fmt: skip
        outer = self._scope
        self._scope = self.by_node[node] = Scope(node, outer)
        for parameter in parameters or ():
            self._bind(parameter.arg, parameter)
        self._visit_all(inside)
        self._scope = outer

    def _visit_all(self, nodes: object) -> None:
        for node in nodes:  # type: ignore[attr-defined]
            self.visit(node)


def _meaning(binding: Binding) -> str:
    if binding.qualified is not None:
        return binding.qualified
    value = binding.value
    return NONE if isinstance(value, ast.Constant) and value.value in (None, False) else LOCAL


def _string(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
