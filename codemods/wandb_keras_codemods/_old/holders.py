"""Names, attributes and functions that hand a callback on: what they may hold, who reads it."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Iterator, Union

from wandb_keras_codemods._old.decisions import Refusal
from wandb_keras_codemods._old.scopes import Binding, Scope, Scopes
from wandb_keras_codemods._old.source import Source

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)

# a name in its scope, an attribute's name, a function
Key = Union["tuple[Scope, str]", str, ast.AST]


@dataclass(eq=False)
class Holder:
    """A name, attribute or function through which a callback goes on to its uses.

    Args:
        label: What it is called, for messages.
        values: What it may hold.
        uses: The expressions that read it.
        maybe_none: Whether it may hold None as well.
    """

    label: str
    values: list[ast.expr]
    uses: list[ast.expr]
    maybe_none: bool = False


class Holders:
    """Finds what hands a callback on.

    Args:
        source: The module.
        scopes: Its scopes.
    """

    def __init__(self, source: Source, scopes: Scopes) -> None:
        self._source = source
        self._scopes = scopes

    def key(self, node: ast.expr) -> Key:
        """Return what a value is assigned to or returned from."""
        statement = self._source.statement(node)
        if isinstance(statement, ast.Return):
            return self._function_of(statement)
        assert isinstance(statement, ast.Assign)
        target = statement.targets[0]
        if isinstance(target, ast.Attribute):
            return target.attr
        assert isinstance(target, ast.Name)
        return self.bindings(target, statement)[0].scope, target.id

    def bindings(self, target: ast.Name, statement: ast.stmt) -> list[Binding]:
        """Return all bindings of a name that a statement binds."""
        scope = self._scope_of(statement)
        return [
            binding
            for found in self._scopes.lookup(scope, target.id)
            if found.node is statement
            for binding in found.scope.bindings[target.id]
        ]

    def _scope_of(self, node: ast.AST) -> Scope:
        """Return the scope a statement's names are bound in."""
        return self._scopes.by_node[self._enclosing(node, (*_FUNCTIONS, ast.ClassDef, ast.Module))]

    def _enclosing(self, node: ast.AST, kinds: tuple[type, ...]) -> ast.AST:
        while True:
            node = self._source.parent(node)
            if isinstance(node, kinds):
                return node

    def _function_of(self, statement: ast.stmt) -> ast.AST:
        return self._enclosing(statement, _FUNCTIONS)

    def holder(self, key: Key) -> Holder:
        """Return what stands behind a key.

        Raises:
            Refusal: Not all that it holds, or not all of its readers, can be seen.
        """
        if isinstance(key, str):
            return self._attribute_holder(key)
        if isinstance(key, tuple):
            return self._name_holder(*key)
        return self._function_holder(key)

    def _name_holder(self, scope: Scope, name: str) -> Holder:
        if scope.is_class:
            raise Refusal("WKM408", f"{name} is an attribute of a class")
        holder = Holder(name, [], [])
        for binding in scope.bindings[name]:
            simple = isinstance(binding.node, ast.Assign) and len(binding.node.targets) == 1
            if not simple or binding.value is None:
                raise Refusal("WKM408", f"{name} is bound in other ways too")
            holder.values.append(binding.value)
        holder.uses.extend(scope.bindings[name][0].references)
        return holder

    def attributes(self, name: str) -> list[ast.expr]:
        """Return the expressions that read an attribute of this name."""
        return [
            node
            for node in self._source.parents
            if isinstance(node, ast.Attribute) and node.attr == name
            if isinstance(node.ctx, ast.Load)
        ]

    def _attribute_holder(self, name: str) -> Holder:
        holder = Holder(f"the attribute {name}", [], self.attributes(name))
        for node, parent in self._source.parents.items():
            if isinstance(node, ast.Attribute) and node.attr == name:
                if not isinstance(node.ctx, ast.Store):
                    continue
                if not isinstance(parent, ast.Assign) or len(parent.targets) != 1:
                    raise Refusal("WKM408", f"{holder.label} is bound in other ways too")
                holder.values.append(parent.value)
        return holder

    def _function_holder(self, function: ast.AST) -> Holder:
        if not isinstance(function, ast.FunctionDef):
            raise _unknown_callers("a function that is awaited")
        label = f"{function.name}()"
        scope = self._scope_of(function)
        bindings = scope.bindings[function.name]
        if scope.is_class:
            raise _unknown_callers(f"the method {label}")
        if function.decorator_list or len(bindings) != 1:
            raise _unknown_callers(f"{label}, which is wrapped or defined twice,")
        if function.returns is not None:
            raise _unknown_callers(f"{label}, whose type says one,")
        if not bindings[0].references:
            raise _unknown_callers(f"{label}, which is not called here,")
        holder = Holder(label, [], [], maybe_none=not _ends(function.body))
        for node in _own_nodes(function):
            if isinstance(node, (ast.Yield, ast.YieldFrom)):
                raise _unknown_callers(f"the generator {label}")
            if isinstance(node, ast.Return):
                holder.values.append(node.value or ast.Constant(None))
        for reference in bindings[0].references:
            call = self._source.parent(reference)
            if not isinstance(call, ast.Call) or call.func is not reference:
                raise _unknown_callers(f"{label}, which is passed on,")
            holder.uses.append(call)
        return holder


def _unknown_callers(function: str) -> Refusal:
    return Refusal(
        "WKM417",
        f"{function} returns the callback, and not all of its callers can be seen to take several",
        "Return a list, and splat it where it is used.",
    )


def _ends(block: list[ast.stmt]) -> bool:
    """Whether a block never runs through to its end."""
    last = block[-1]
    if isinstance(last, ast.If):
        return bool(last.orelse) and _ends(last.body) and _ends(last.orelse)
    if isinstance(last, (ast.With, ast.AsyncWith)):
        return _ends(last.body)
    if isinstance(last, ast.Try):
        handled = all(_ends(handler.body) for handler in last.handlers)
        return bool(handled and _ends(last.orelse or last.body))
    return isinstance(last, (ast.Return, ast.Raise))


def _own_nodes(function: ast.AST) -> Iterator[ast.AST]:
    """Walk a function without the functions inside it."""
    for child in ast.iter_child_nodes(function):
        yield child
        if not isinstance(child, (*_FUNCTIONS, ast.ClassDef)):
            yield from _own_nodes(child)
