"""Whether an expression that holds a list after the migration holds nothing else, ever."""

from __future__ import annotations

import libcst as cst
from libcst.metadata import GlobalScope

from wandb_keras_codemods.find.carriers import Slot
from wandb_keras_codemods.find.hidden import Unseen
from wandb_keras_codemods.find.holders import Holders
from wandb_keras_codemods.find.names import Binding, Target
from wandb_keras_codemods.find.refusal import Refusal

_NEED_A_LIST = frozenset({"element", "append", "insert"})


class Origins:
    """Answers which constructions an expression may hold.

    Args:
        holders: Who binds what.
        calls: The constructions that become lists.
    """

    def __init__(self, holders: Holders, calls: frozenset[cst.Call]) -> None:
        self._holders = holders
        self._module = holders.module
        self._calls = calls

    def of(self, slot: Slot) -> set[cst.Call]:
        """Return the constructions that a place takes.

        Raises:
            Refusal: It may hold something that is no list.
        """
        if slot.node in self._calls:
            return {slot.node}  # type: ignore[arg-type]
        if slot.kind == "nothing":
            return set()
        found: set[cst.Call] = set()
        nothing = self._collect(slot.node, found, set())
        if slot.kind not in _NEED_A_LIST and not (
            slot.kind == "value" and isinstance(slot.owner, cst.List)
        ):
            return found
        if nothing is not True and nothing is not False:
            raise Refusal("WKM408", nothing, "Splat the callbacks where they are used.")
        if nothing and not self._guarded(slot.node):
            text = self._module.text(slot.node)
            raise Refusal(
                "WKM408", f"{text} may be None here", "Make it an empty list instead of None."
            )
        return found

    def _collect(self, node: cst.CSTNode, found: set[cst.Call], seen: set[object]) -> bool | str:
        """Collect constructions; return whether it may be None, or what else it may be."""
        if node in self._calls:
            assert isinstance(node, cst.Call)
            found.add(node)
            return False
        if node in seen:
            return False
        seen.add(node)
        if isinstance(node, cst.Name) and node.value == "None":
            return True
        if isinstance(node, cst.IfExp):
            return _either(
                self._collect(node.body, found, seen), self._collect(node.orelse, found, seen)
            )
        try:
            if isinstance(node, cst.Name):
                return self._name(node, found, seen)
            if isinstance(node, cst.Attribute):
                return self._attribute(node, found, seen)
            if isinstance(node, cst.Call):
                return self._call(node, found, seen)
        except Unseen as reason:
            return str(reason)
        return f"it may also be {self._module.text(node)}"

    def _name(self, node: cst.Name, found: set[cst.Call], seen: set[object]) -> bool | str:
        home = self._holders.home(node)
        if isinstance(home, GlobalScope) and self._starred(home, node.value):
            return f"{node.value} may come from a star import"
        return self._bound(node.value, self._holders.bindings(home, node.value), found, seen)

    def _starred(self, home: GlobalScope, name: str) -> bool:
        """Whether a star import below a binding may bind a name again."""
        lines = [
            self._module.position(node).start.line
            for node in self._holders.occurrences(home, name)
            if self._holders.binding(node) is not None
        ]
        return any(
            self._module.position(star).start.line > min(lines, default=0)
            for star in self._holders.words.stars
        )

    def _attribute(
        self, node: cst.Attribute, found: set[cst.Call], seen: set[object]
    ) -> bool | str:
        name = node.attr.value
        bound = [
            binding
            for attribute in self._holders.words.attributes[name]
            for binding in [self._holders.binding(attribute)]
            if binding is not None
        ]
        for key, text in self._holders.words.strings:
            if text == name and isinstance(self._module.parent(key), cst.DictElement):
                return f"the attribute {name} may come from a dictionary"
        return self._bound(f"the attribute {name}", bound, found, seen)

    def _bound(
        self, label: str, bound: list[Binding], found: set[cst.Call], seen: set[object]
    ) -> bool | str:
        result: bool | str = False
        for binding in bound:
            if binding.kind == "value" and self._directly(binding):
                value = binding.node
                part = self._collect(value, found, seen)
                if isinstance(part, str) and part.startswith("it may also be "):
                    part = f"{label} is also {self._module.text(value)}"
            elif binding.kind == "parameter":
                part = self._parameter(binding, found, seen)
            else:
                part = f"{label} is bound in other ways, too"
            result = _either(result, part)
        return result if bound else f"{label} is not bound here"

    def _directly(self, binding: Binding) -> bool:
        """Whether a value is the only one of a plain assignment."""
        parent = self._module.parent(binding.node)
        return isinstance(parent, (cst.Assign, cst.AnnAssign, cst.NamedExpr))

    def _parameter(self, binding: Binding, found: set[cst.Call], seen: set[object]) -> bool | str:

        param = binding.node
        assert isinstance(param, cst.Param)
        return f"{param.name.value} may also be what another call gives"

    def _call(self, node: cst.Call, found: set[cst.Call], seen: set[object]) -> bool | str:
        callees = self._holders.callees(node)
        if not callees:
            return f"it may also be {self._module.text(node)}"
        result: bool | str = False
        for callee in callees:
            function = callee.function
            if isinstance(function, cst.Lambda):
                result = _either(result, self._collect(function.body, found, seen))
                continue
            if not _ends(function.body):
                result = _either(result, True)
            for statement in self._holders.words.returns[function]:
                part = (
                    True if statement.value is None else self._collect(statement.value, found, seen)
                )
                if isinstance(part, str) and statement.value is not None:
                    part = f"{function.name.value}() is also {self._module.text(statement.value)}"
                result = _either(result, part)
        return result

    def _guarded(self, node: cst.CSTNode) -> bool:
        """Whether an ``if name`` around a use makes sure that it is not None."""
        if not isinstance(node, (cst.Name, cst.Attribute)):
            return False
        text = self._module.text(node)
        tests = {text, f"{text} is not None", f"{text} != None"}
        below: cst.CSTNode = node
        for above in self._module.around(node):
            inside = isinstance(above, (cst.If, cst.IfExp)) and below is above.body
            if inside and self._module.text(above.test) in tests:  # type: ignore[attr-defined]
                return not self._rebound(below, text)
            if isinstance(above, (cst.FunctionDef, cst.Lambda, cst.ClassDef)):
                return False
            below = above
        return False

    def _rebound(self, body: cst.CSTNode, text: str) -> bool:
        """Whether something in a block may bind a name or attribute again."""
        word = text.rsplit(".", 1)[-1]
        words = self._holders.words
        nodes: list[Target] = [*words.names[word], *words.attributes[word]]
        return any(
            self._holders.binding(node) is not None
            and any(above is body for above in self._module.around(node))
            for node in nodes
        )


def _either(first: bool | str, second: bool | str) -> bool | str:
    if isinstance(first, str):
        return first
    if isinstance(second, str):
        return second
    return first or second


def _ends(block: cst.CSTNode) -> bool:
    """Whether a block never runs through to its end."""
    if isinstance(block, cst.Else):
        return _ends(block.body)
    if not isinstance(block, cst.BaseSuite) or not block.body:
        return False
    last = block.body[-1]
    if isinstance(last, cst.SimpleStatementLine):
        last = last.body[-1]
    if isinstance(last, cst.If):
        return last.orelse is not None and _ends(last.body) and _ends_else(last.orelse)
    if isinstance(last, cst.With):
        return False  # it may swallow an exception
    if isinstance(last, cst.Try):
        handled = all(_ends(handler.body) for handler in last.handlers)
        return handled and _ends(last.orelse or last.body)
    return isinstance(last, (cst.Return, cst.Raise))


def _ends_else(node: cst.CSTNode) -> bool:
    if isinstance(node, cst.If):
        return node.orelse is not None and _ends(node.body) and _ends_else(node.orelse)
    return _ends(node)
