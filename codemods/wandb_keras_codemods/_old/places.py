"""Where one callback stands, and whether several can stand there instead."""

from __future__ import annotations

import ast
from collections import deque
from dataclasses import dataclass, field
from typing import Iterator

from wandb_keras_codemods._old.decisions import Refusal
from wandb_keras_codemods._old.holders import Holder, Holders, Key
from wandb_keras_codemods._old.scopes import Scopes
from wandb_keras_codemods._old.source import Source
from wandb_keras_codemods._old.values import pure

_DISPLAYS = (ast.List, ast.Tuple, ast.Set)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_TAKES_CALLBACKS = frozenset(
    {"fit", "fit_generator", "evaluate", "evaluate_generator", "predict", "predict_generator"}
)
_HOOKS = ("on_", "set_model", "set_params")  # what any callback offers


@dataclass(eq=False)
class Place:
    """Where an expression for one callback stands.

    Args:
        node: The expression.
        kind: ``"element"`` of a display, ``"value"`` that may be a list, argument of ``"append"``
            or ``"insert"``, or ``"nothing"`` where a list does as well.
        owner: The display or call around it.
        branches: Conditional expressions between it and its owner, from the inside out.
    """

    node: ast.expr
    kind: str
    owner: ast.AST | None = None
    branches: tuple[ast.IfExp, ...] = ()

    @property
    def outer(self) -> ast.expr:
        """The outermost expression that holds a callback here."""
        return self.branches[-1] if self.branches else self.node


@dataclass
class Group:
    """Constructions that share holders, and every place their callbacks end up in."""

    calls: list[ast.expr] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    holders: list[Holder] = field(default_factory=list)


class Places:
    """Finds the places of constructions in one module.

    Args:
        source: The module.
        scopes: Its scopes.
        calls: The constructions of the legacy callback.
    """

    def __init__(self, source: Source, scopes: Scopes, calls: frozenset[ast.expr]) -> None:
        self._source = source
        self._scopes = scopes
        self._calls = calls
        self._holders = Holders(source, scopes)

    def group(self, call: ast.expr) -> Group:
        """Follow a construction to all its places, and those it shares a holder with.

        Raises:
            Refusal: Some place holds exactly one callback, or none can be seen.
        """
        group = Group()
        seen: set[Key] = set()
        carried: set[ast.expr] = {call}
        todo: deque[tuple[ast.expr, Holder | None]] = deque([(call, None)])
        while todo:
            node, origin = todo.popleft()
            if node in self._calls:
                group.calls.append(node)
            place = self._place(node, origin)
            if place is not None:
                group.places.append(place)
                continue
            key = self._holders.key(node)
            if key in seen:
                continue
            seen.add(key)
            holder = self._holders.holder(key)
            holder.maybe_none |= origin is not None and origin.maybe_none
            group.holders.append(holder)
            for value in holder.values:
                for leaf in leaves(value):
                    if leaf in carried:
                        continue
                    if leaf in self._calls:
                        carried.add(leaf)
                        todo.append((leaf, None))
                    elif isinstance(leaf, ast.Constant) and leaf.value is None:
                        holder.maybe_none = True
                    else:
                        raise Refusal(
                            "WKM408",
                            f"{holder.label} is also {self._source.text_of(leaf)}",
                            "Splat the callbacks where they are used.",
                        )
            for use in holder.uses:
                carried.add(use)
                todo.append((use, holder))
        if not group.places:
            raise Refusal(
                "WKM408",
                f"{group.holders[-1].label} is not read here; who reads it may expect one",
                "Delete it if nothing reads it.",
            )
        return group

    def check_single(self, call: ast.expr) -> None:
        """Refuse one for one when an attribute of the old callback is read later.

        Raises:
            Refusal: It is.
        """
        parent = self._source.parent(call)
        uses: list[ast.expr] = [call]
        if isinstance(parent, ast.Assign) and len(parent.targets) == 1:
            target = parent.targets[0]
            if isinstance(target, ast.Name):
                uses += [n for b in self._holders.bindings(target, parent) for n in b.references]
            elif isinstance(target, ast.Attribute):
                uses += self._holders.attributes(target.attr)
        for use in uses:
            above = self._source.parent(use)
            if isinstance(above, ast.Attribute) and not above.attr.startswith(_HOOKS):
                raise Refusal("WKM408", f"its attribute {above.attr} is used")

    def _place(self, node: ast.expr, origin: Holder | None) -> Place | None:
        """Return where an expression stands; None when a holder takes it."""
        branches: list[ast.IfExp] = []
        outer = node
        parent = self._source.parent(outer)
        while isinstance(parent, ast.IfExp) and outer is not parent.test:
            branches.append(parent)
            outer, parent = parent, self._source.parent(parent)
        kind, owner = self._kind(outer, parent, origin is not None and outer is node)
        if kind == "holder":
            return None
        guarded = origin is None or not origin.maybe_none or self._guarded(node)
        if kind in ("element", "append", "insert") and not guarded:
            raise Refusal(
                "WKM408",
                f"{self._source.text_of(node)} may be None here",
                "Make it an empty list instead of None.",
            )
        return Place(node, kind, owner, tuple(branches))

    def _kind(self, node: ast.expr, parent: ast.AST, use: bool) -> tuple[str, ast.AST | None]:
        if isinstance(parent, _DISPLAYS):
            self._check_display(parent)
            return "element", parent
        if isinstance(parent, ast.keyword) and parent.arg == "callbacks":
            call = self._source.parent(parent)
            assert isinstance(call, ast.Call)
            if _last_name(call.func) in _TAKES_CALLBACKS | {"dict"}:
                return "value", parent
        if isinstance(parent, ast.Dict) and node in parent.values:
            key = parent.keys[parent.values.index(node)]
            if isinstance(key, ast.Constant) and key.value == "callbacks":
                return "value", parent
        method = self._list_method(node, parent)
        if method is not None:
            return method, parent
        if isinstance(parent, ast.Return) or _assigned_to_one(parent, node):
            return "holder", parent
        if use and _takes_anything(node, parent):
            return "nothing", parent
        raise self._no_room(node, parent, use)

    def _list_method(self, node: ast.expr, parent: ast.AST) -> str | None:
        """Return ``"append"`` or ``"insert"`` for the argument of such a call."""
        if not isinstance(parent, ast.Call) or not isinstance(parent.func, ast.Attribute):
            return None
        if parent.keywords or not self._is_list(parent.func.value):
            return None
        method, arguments = parent.func.attr, parent.args
        if method == "append" and arguments == [node]:
            return method
        if method == "insert" and len(arguments) == 2 and arguments[1] is node:
            alone = isinstance(self._source.parent(parent), ast.Expr)
            return method if alone and pure(arguments[0]) else None
        return None

    def _no_room(self, node: ast.expr, parent: ast.AST, use: bool) -> Refusal:
        code = "WKM408" if use else "WKM407"
        what = {
            ast.Expr: "it is constructed and not kept",
            ast.Attribute: "one of its attributes is used",
            ast.Call: "it is an argument of a call",
            ast.keyword: "it is an argument of a call",
            ast.Lambda: "a lambda returns it",
            ast.Dict: "it is a value of a dictionary",
            ast.arguments: "it is the default of a parameter",
            ast.AnnAssign: "the name it is assigned to has a type",
            ast.NamedExpr: "it is assigned inside an expression",
        }.get(type(parent), "it stands where one callback fits")
        text = self._source.text_of(node)
        return Refusal(
            code,
            f"{text if use else 'the callback'}: {what}",
            "Put the callbacks into a list and splat it where it is used.",
        )

    def _check_display(self, display: ast.List | ast.Tuple | ast.Set) -> None:
        parent = self._source.parent(display)
        unpacked = isinstance(parent, (ast.Assign, ast.For)) and any(
            isinstance(target, (ast.Tuple, ast.List))
            for target in (parent.targets if isinstance(parent, ast.Assign) else [parent.target])
        )
        indexed = isinstance(parent, ast.Subscript) and parent.value is display
        if (
            unpacked
            or indexed
            or isinstance(display.ctx if hasattr(display, "ctx") else None, ast.Store)
        ):
            raise Refusal("WKM407", "the number of elements matters here")
        if isinstance(display, ast.Tuple) and not self._tuple_of_callbacks(display, parent):
            raise Refusal("WKM407", "it is one of the values of a tuple")

    def _tuple_of_callbacks(self, display: ast.Tuple, parent: ast.AST) -> bool:
        if isinstance(parent, ast.keyword):
            return parent.arg == "callbacks"
        if isinstance(parent, ast.Call):
            return _last_name(parent.func) in ("list", "tuple", "extend")
        return isinstance(
            parent, (ast.AugAssign, ast.BinOp, ast.Starred, ast.Assign, ast.For, ast.comprehension)
        )

    def _is_list(self, node: ast.expr) -> bool:
        """Whether a receiver of append offers extend: all do but Keras' own CallbackList."""
        if not isinstance(node, ast.Name):
            return True
        return not any(
            isinstance(binding.value, ast.Call) and _last_name(binding.value.func) == "CallbackList"
            for binding in self._scopes.bindings(node)
        )

    def _guarded(self, node: ast.expr) -> bool:
        """Whether an ``if name`` around a use makes sure that it is not None."""
        text = self._source.text_of(node)
        tests = {text, f"{text} is not None", f"{text} != None"}
        child: ast.AST = node
        while not isinstance(child, (*_FUNCTIONS, ast.Module)):
            parent = self._source.parent(child)
            inside = (isinstance(parent, ast.If) and child in parent.body) or (
                isinstance(parent, ast.IfExp) and child is parent.body
            )
            if inside and self._source.text_of(parent.test) in tests:  # type: ignore[attr-defined]
                return True
            child = parent
        return False


def leaves(value: ast.expr) -> Iterator[ast.expr]:
    """Return the values a conditional expression may have."""
    if isinstance(value, ast.IfExp):
        yield from leaves(value.body)
        yield from leaves(value.orelse)
    else:
        yield value


def _last_name(node: ast.expr) -> str:
    return getattr(node, "attr", getattr(node, "id", ""))


def _assigned_to_one(parent: ast.AST, node: ast.expr) -> bool:
    if not isinstance(parent, ast.Assign) or parent.value is not node:
        return False
    return len(parent.targets) == 1 and isinstance(parent.targets[0], (ast.Name, ast.Attribute))


def _takes_anything(node: ast.expr, parent: ast.AST) -> bool:
    """Whether a non-empty list does as well as a callback: truth, None, a dropped value."""
    if isinstance(parent, (ast.If, ast.While, ast.IfExp, ast.Assert)):
        return parent.test is node
    if isinstance(parent, ast.UnaryOp):
        return isinstance(parent.op, ast.Not)
    if isinstance(parent, ast.Compare):
        nothing = parent.comparators[0]
        return (
            len(parent.ops) == 1
            and isinstance(parent.ops[0], (ast.Is, ast.IsNot))
            and isinstance(nothing, ast.Constant)
            and nothing.value is None
        )
    return isinstance(parent, (ast.Expr, ast.Delete))
