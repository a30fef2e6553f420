"""One parsed module and what LibCST's metadata knows of it: scopes, parents, positions, names."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import fields
from functools import cached_property
from typing import Any, Iterable, Iterator, Mapping, Sequence, TypeVar, Union, overload

import libcst as cst
from libcst.metadata import (
    Access,
    BaseAssignment,
    CodeRange,
    ExpressionContext,
    ExpressionContextProvider,
    MetadataWrapper,
    Scope,
    ScopeProvider,
)

from wandb_keras_codemods.find.printed import Printed
from wandb_keras_codemods.findings import Finding

Kind = TypeVar("Kind", bound=cst.CSTNode)
Other = TypeVar("Other", bound=cst.CSTNode)
Function = Union[cst.FunctionDef, cst.Lambda]
_STATEMENTS = (cst.BaseStatement, cst.BaseSmallStatement)
_FIELDS: dict[type[object], tuple[str, ...] | None] = {}  # of the kinds of nodes seen so far


class Module:
    r"""A module's tree, which is never changed, and questions about its nodes.

    Args:
        tree: The tree, fresh from the parser: no node stands in it twice.
        filename: Its name, for what depends on it.
        printed: What the tree prints, where that is known.

    Example:
        >>> module = Module(cst.parse_module("import wandb as w\nw.keras\n"))
        >>> use = module.tree.body[1].body[0].value
        >>> module.names(use)
        frozenset({'wandb.keras'})
    """

    def __init__(
        self, tree: cst.Module, filename: str = "<string>", printed: Printed | None = None
    ) -> None:
        self.filename = filename
        self._wrapper = _Wrapper(tree, unsafe_skip_copy=True)
        self.tree = self._wrapper.module
        self._printed = printed or Printed(tree)
        self._kinds: dict[tuple[type[cst.CSTNode], ...], Sequence[cst.CSTNode]] = {}

    @property
    def code(self) -> str:
        """The module's text, without a byte order mark."""
        return self._printed.text

    @cached_property
    def scopes(self) -> Mapping[cst.CSTNode, Scope | None]:
        """The scope of each node that has one."""
        return self._wrapper.resolve(ScopeProvider)

    @cached_property
    def _parents(self) -> Mapping[cst.CSTNode, cst.CSTNode]:
        # what ParentNodeProvider gives, for a tenth of its cost: node.children builds the node anew
        parents: dict[cst.CSTNode, cst.CSTNode] = {}
        todo: list[cst.CSTNode] = [self.tree]
        while todo:
            node = todo.pop()
            for field in _fields(type(node)) or ():
                value = getattr(node, field)
                kind: type[object] = type(value)
                if kind is list or kind is tuple:
                    for child in value:
                        parents[child] = node
                    todo += value
                elif _fields(kind) is not None:
                    parents[value] = node
                    todo.append(value)
        return parents

    @cached_property
    def _by_type(self) -> Mapping[type[cst.CSTNode], Sequence[tuple[int, cst.CSTNode]]]:
        found: dict[type[cst.CSTNode], list[tuple[int, cst.CSTNode]]] = defaultdict(list)
        for number, node in enumerate(self._parents):
            found[type(node)].append((number, node))
        return found

    @cached_property
    def contexts(self) -> Mapping[cst.CSTNode, ExpressionContext | None]:
        """Whether a name or attribute is read, bound or deleted."""
        found = dict(self._wrapper.resolve(ExpressionContextProvider))
        if self.all(cst.TypeParam):
            # LibCST passes over the bounds of what functions and classes take for types
            for node in self.all(cst.Name, cst.Attribute):
                if node not in found and self._in_bound(node):
                    found[node] = ExpressionContext.LOAD
        return found

    def _in_bound(self, node: cst.CSTNode) -> bool:
        below = node
        for above in self.around(node):
            if isinstance(above, cst.Attribute) and above.attr is below:
                return False
            if isinstance(above, cst.TypeParam):
                return True
            if isinstance(above, cst.TypeVar) and above.name is below:
                return False
            if isinstance(above, cst.BaseStatement):
                return False
            below = above
        return False

    @property
    def nodes(self) -> Iterable[cst.CSTNode]:
        """Every node below the module."""
        return self._parents.keys()

    @overload
    def all(self, kind: type[Kind], /) -> Sequence[Kind]: ...

    @overload
    def all(self, kind: type[Kind], other: type[Other], /) -> Sequence[Kind | Other]: ...

    @overload
    def all(self, *kinds: type[cst.CSTNode]) -> Sequence[cst.CSTNode]: ...

    def all(self, *kinds: type[cst.CSTNode]) -> Sequence[cst.CSTNode]:
        """Return every node of some kinds below the module."""
        if kinds not in self._kinds:
            found = [pair for kind, pairs in self._by_type.items() if issubclass(kind, kinds)
                     for pair in pairs]  # fmt: skip
            found.sort(key=_number)
            self._kinds[kinds] = [node for _, node in found]
        return self._kinds[kinds]

    def __contains__(self, node: cst.CSTNode) -> bool:
        return node in self._parents

    # around a node

    def parent(self, node: cst.CSTNode) -> cst.CSTNode:
        """Return the node that holds a node."""
        return self._parents[node]

    def around(self, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        """Yield the nodes around a node, the nearest first, the module last."""
        while node is not self.tree:
            node = self._parents[node]
            yield node

    def statement(self, node: cst.CSTNode) -> cst.CSTNode:
        """Return the innermost statement that a node stands in, small or compound."""
        while not isinstance(node, _STATEMENTS):
            node = self._parents[node]
        return node

    def function(self, node: cst.CSTNode) -> cst.FunctionDef | None:
        """Return the function whose body a node stands in; None at module or class level."""
        below = node
        for above in self.around(node):
            if isinstance(above, cst.FunctionDef) and below is above.body:
                return above
            if isinstance(above, cst.ClassDef) and below is above.body:
                return None
            below = above
        return None

    def order(self, node: cst.CSTNode | None) -> int:
        """Return what nodes are sorted by to stand as in the text; nothing comes first."""
        return -1 if node is None else self._printed.start(node)

    def position(self, node: cst.CSTNode) -> CodeRange:
        """Return where a node starts and ends; lines from 1, columns from 0, in characters."""
        return self._printed.place(node)

    def text(self, node: cst.CSTNode) -> str:
        """Return a node's source text, without what surrounds it."""
        return self.tree.code_for_node(node)

    def finding(self, node: cst.CSTNode, code: str, message: str, hint: str = "") -> Finding:
        """Make a finding about a node."""
        place = self.position(node)
        start, end = place.start, place.end
        return Finding(code, message, hint, start.line, start.column + 1, end.line, end.column + 1)

    # names

    def scope(self, node: cst.CSTNode) -> Scope | None:
        """Return the scope that the names in an expression or statement are looked up in."""
        known = self.scopes
        scope = known.get(node)
        while scope is None and node is not self.tree:
            node = self._parents[node]
            scope = known.get(node)
        return scope

    def names(self, node: cst.CSTNode) -> frozenset[str]:
        """Return the qualified names of a chain of names and attributes; empty for others.

        LibCST gives calls and subscripts the name of what they call or index; these have none here.
        """
        chain = node
        while isinstance(chain, cst.Attribute):
            chain = chain.value
        if not isinstance(chain, cst.Name):
            return frozenset()
        scope = self.scope(node)
        if scope is None:
            return frozenset()
        return frozenset(found.name for found in scope.get_qualified_names_for(node))

    def assignments(self, name: cst.Name) -> frozenset[BaseAssignment]:
        """Return all that may bind a name that stands in the program."""
        scope = self.scope(name)
        return frozenset() if scope is None else frozenset(scope[name.value])

    def accesses(self, scope: Scope, name: str) -> list[Access]:
        """Return every access that resolves to a name of a scope, from whichever scope.

        LibCST links an access only to assignments that stand above it in its own scope; a loop
        makes one below just as possible, so accesses are collected by name.
        """
        found = {}
        for where in {known for known in self.scopes.values() if known is not None}:
            for access in where.accesses[name]:
                if any(found_in is scope for found_in in self._homes(where, name)):
                    found[access.node] = access
        return list(found.values())

    def _homes(self, scope: Scope, name: str) -> set[Scope]:
        return {assignment.scope for assignment in scope[name]}


class _Wrapper(MetadataWrapper):
    """Resolves the providers that are used here without a walk that they do not need.

    Contexts and scopes do all their work when they visit the module; LibCST goes on to visit
    each node below for them, where they have nothing to do.
    """

    def visit_batched(self, visitors: Iterable[Any], *unused: Any, **given: Any) -> cst.Module:
        """Let each provider visit the module."""
        for visitor in visitors:
            with visitor.resolve(self):
                visitor.visit_Module(self.module)
        return self.module


def _fields(kind: type[object]) -> tuple[str, ...] | None:
    """Return the fields of a kind of node; None for what is none."""
    if kind not in _FIELDS:
        node = issubclass(kind, cst.CSTNode)
        _FIELDS[kind] = tuple(each.name for each in fields(kind)) if node else None  # type: ignore[arg-type]
    return _FIELDS[kind]


def _number(pair: tuple[int, cst.CSTNode]) -> int:
    return pair[0]
