"""Put what replaces constructions into their places: displays, lists, calls, conditionals."""

from __future__ import annotations

from typing import Callable, Iterator, Sequence

import libcst as cst

from wandb_keras_codemods.find.flow import Slot
from wandb_keras_codemods.find.module import Module
from wandb_keras_codemods.plan.constructions import Planned
from wandb_keras_codemods.plan.expressions import code_of
from wandb_keras_codemods.plan.parts import Part

from .callbacks import Notes, Writer, carried, commented
from .displays import Splice, Spliced, hoisted_notes, listed
from .layout import Breaks, Layout, all_notes, blank, notes_of
from .statements import Statements

Edit = Callable[[cst.CSTNode], object]
_DISPLAYS = (cst.List, cst.Tuple, cst.Set)
LIST = "WandbCallbackList"


class Placing:
    """Collects replacements and makes their edits.

    Args:
        module: The module.
        layout: Measures lines.
        statements: Takes what becomes of statements.
    """

    def __init__(self, module: Module, layout: Layout, statements: Statements) -> None:
        self._module = module
        self._layout = layout
        self._statements = statements
        self._splices: dict[cst.CSTNode, dict[cst.BaseElement, Splice]] = {}
        self.edits: dict[cst.CSTNode, Edit] = {}

    # one construction

    def one(self, planned: Planned, prefix: cst.BaseExpression | None) -> None:
        """Replace one callback by one."""
        items = self._items(planned, prefix)
        element = self._element(planned.call)
        if element is not None:
            self._splice(element, items)
            return
        (part,) = planned.plan.parts
        pad = self._layout.indent(planned.call)
        writer = self._writer(planned, prefix)
        call = writer.plain(part)
        if items.notes or items.broken or not self._layout.fits(planned.call, code_of(call)):
            room = len(self._layout.before(planned.call)) - len(pad)
            call = writer.callback(part, pad, room + 1)
            call = _inside(
                call, items.notes, self._breaks(planned.call), pad, self._layout.unit(planned.call)
            )
        self._put(planned.call, call)

    def as_list_object(self, planned: Planned, prefix: cst.BaseExpression | None) -> None:
        """Replace one callback by one that hands everything on to several."""
        items = self._items(planned, prefix)
        name: cst.BaseExpression = cst.Name(LIST)
        if prefix is not None:
            name = cst.Attribute(prefix.deep_clone(), cst.Name(LIST))
        around = len(code_of(name)) + 2
        whole = listed(items, self._layout, planned.call, self._breaks(planned.call), (around, 0))
        self._put(planned.call, cst.Call(name, [cst.Arg(whole)]))

    def elements(self, planned: Planned, prefix: cst.BaseExpression | None) -> None:
        """Replace an element of a display by several."""
        element = self._element(planned.call)
        assert element is not None
        self._splice(element, self._items(planned, prefix))

    def whole(self, planned: Planned, prefix: cst.BaseExpression | None) -> None:
        """Replace one callback by a list of several."""
        items = self._items(planned, prefix)
        self._put(
            planned.call, listed(items, self._layout, planned.call, self._breaks(planned.call))
        )

    def _put(self, call: cst.Call, new: cst.BaseExpression) -> None:
        """Put an expression in a construction's place, in its parentheses."""

        def edit(updated: cst.CSTNode) -> object:
            assert isinstance(updated, cst.BaseExpression)
            if isinstance(new, cst.List) and not hoisted_notes(updated):
                return new  # its brackets do for the parentheses
            return new.with_changes(lpar=updated.lpar, rpar=updated.rpar)

        self.edits[call] = edit

    # several constructions that share holders

    def slots(
        self,
        slots: Sequence[Slot],
        planned: dict[cst.Call, Planned],
        prefixes: dict[cst.Call, cst.BaseExpression | None],
    ) -> list[cst.BaseExpression]:
        """Replace a group of callbacks by lists; return the uses that were adapted.

        Args:
            slots: Their places.
            planned: The constructions of the group.
            prefixes: What the classes are read from, for each.
        """
        adapted = []
        changed = {slot.node for slot in slots} | set(planned)
        spliced = set()
        for slot in slots:
            if slot.kind in ("nothing", "holder"):
                continue
            node = slot.node
            own = planned.get(node) if isinstance(node, cst.Call) else None
            if own is None and (slot.kind != "value" or isinstance(slot.owner, cst.List)):
                adapted.append(node)
            outer = self.outer(node)
            if slot.kind == "element":
                if own is not None and outer is node:
                    self.elements(own, prefixes[own.call])
                    spliced.add(own.call)
                    continue
                self._star(outer)
            if isinstance(slot.owner, cst.List) and slot.kind == "value":
                self._unwrap(slot.owner)
                continue
            if slot.kind != "value":
                self._list_others(outer, changed)
            if slot.kind == "append":
                self._extend(slot.owner)
            elif slot.kind == "insert":
                self._insert(slot.owner)
        for call, own in planned.items():
            if call not in spliced:
                self.whole(own, prefixes[call])
        return adapted

    def outer(self, node: cst.BaseExpression) -> cst.BaseExpression:
        """Return the outermost conditional expression that a node is a branch of."""
        parent = self._module.parent(node)
        while isinstance(parent, cst.IfExp) and node is not parent.test:
            node, parent = parent, self._module.parent(parent)
        return node

    def _star(self, node: cst.BaseExpression) -> None:
        """Splat an element of a display."""
        element = self._module.parent(node)

        def edit(updated: cst.CSTNode) -> object:
            assert isinstance(updated, cst.Element)
            value = updated.value
            if isinstance(value, cst.IfExp) and not value.lpar:
                value = value.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
            return cst.StarredElement(value, comma=updated.comma)

        self.edits[element] = edit

    def _list_others(self, node: cst.BaseExpression, changed: set[cst.BaseExpression]) -> None:
        """Make the other branches of a conditional expression lists, too."""
        for leaf in leaves(node):
            if leaf not in changed:

                def edit(updated: cst.CSTNode) -> object:
                    assert isinstance(updated, cst.BaseExpression)
                    return cst.List([cst.Element(updated)])

                self.edits[leaf] = edit

    def _unwrap(self, display: cst.List) -> None:
        """Take the only element of a list, which is a list from now on, instead of the list."""

        def edit(updated: cst.CSTNode) -> object:
            assert isinstance(updated, cst.List)
            if all_notes(updated):
                only = updated.elements[0]
                return updated.with_changes(
                    elements=[cst.StarredElement(only.value, comma=only.comma)]
                )
            return updated.elements[0].value

        self.edits[display] = edit

    def _extend(self, call: cst.CSTNode | None) -> None:
        func = cst.ensure_type(cst.ensure_type(call, cst.Call).func, cst.Attribute)
        self.edits[func.attr] = lambda updated: cst.Name("extend")

    def _insert(self, call: cst.CSTNode | None) -> None:
        """Make ``cbs.insert(0, x)`` the slice assignment ``cbs[0:0] = x``."""
        statement = self._module.parent(cst.ensure_type(call, cst.Call))

        def edit(updated: cst.CSTNode) -> object:
            inserted = cst.ensure_type(cst.ensure_type(updated, cst.Expr).value, cst.Call)
            func = cst.ensure_type(inserted.func, cst.Attribute)
            index, value = (arg.value for arg in inserted.args)
            place = cst.Slice(lower=index, upper=index.deep_clone())
            target = cst.Subscript(
                func.value, [cst.SubscriptElement(place)], lpar=inserted.lpar, rpar=inserted.rpar
            )
            return cst.Assign([cst.AssignTarget(target)], value, semicolon=updated.semicolon)  # type: ignore[attr-defined]

        self.edits[statement] = edit

    # what stands for a construction

    def _element(self, call: cst.Call) -> cst.Element | None:
        element = self._module.parent(call)
        if not isinstance(element, cst.Element):
            return None
        return element if isinstance(self._module.parent(element), _DISPLAYS) else None

    def _splice(self, element: cst.Element, items: Splice) -> None:
        display = self._module.parent(element)
        if display not in self._splices:
            assert isinstance(display, _DISPLAYS)
            splices: dict[cst.BaseElement, Splice] = {}
            self._splices[display] = splices
            spliced = Spliced(display, splices, self._layout, self._breaks(display))
            self.edits[display] = spliced  # type: ignore[assignment]
        self._splices[display][element] = items

    def _breaks(self, node: cst.CSTNode) -> Breaks:
        return Breaks(self._layout.block(node))

    def _writer(self, planned: Planned, prefix: cst.BaseExpression | None, pad: str = "") -> Writer:
        call = planned.call

        def shift(origin: str | None) -> str:
            value = planned.values.get(origin or "")
            if value is None or not value.given or not pad or value.node not in self._module:
                return ""
            first: cst.CSTNode = value.node.lpar[0] if value.node.lpar else value.node
            return blank(pad[len(self._layout.indent(first)) :])

        return Writer(
            prefix, self._notes(planned), self._breaks(call), self._layout.unit(call), shift
        )

    def _items(self, planned: Planned, prefix: cst.BaseExpression | None) -> Splice:
        parts: Sequence[Part] = planned.plan.parts
        writer = self._writer(planned, prefix)
        notes = self._notes(planned)
        spliced = self._element(planned.call) is not None  # a display's element loses parentheses

        def items(pad: str, room: int) -> list[cst.BaseElement]:
            broken = self._writer(planned, prefix, pad)
            return [broken.part(part, pad, room) for part in parts]

        return Splice(
            [writer.element(part) for part in parts],
            items,
            notes.general + (hoisted_notes(planned.call) if spliced else []),
            any(writer.has_notes(part) for part in parts),
        )

    def _notes(self, planned: Planned) -> Notes:
        """Sort the comments of a construction by what they speak of."""
        call, going = planned.call, carried(planned.plan.parts)
        named = {id(value.node): name for name, value in planned.values.items()}
        notes = Notes()
        beside, above = notes_of(call.whitespace_before_args)
        notes.general += beside
        for arg in call.args:
            name = named.get(id(arg.value), "" if arg.keyword is None else arg.keyword.value)
            comma = arg.comma.whitespace_after if isinstance(arg.comma, cst.Comma) else None
            mine, following = notes_of(comma)
            late, below = notes_of(arg.whitespace_after_arg)
            mine, following = [*late, *mine], [*below, *following]
            if name in going:
                notes.above[name], notes.beside[name] = above, mine
            else:
                inside = all_notes(arg.value)
                notes.general += commented(name, [*above, *inside, *mine])
            above = following
        notes.general += above
        return notes


def leaves(value: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
    """Return the values a conditional expression may have."""
    if isinstance(value, cst.IfExp):
        yield from leaves(value.body)
        yield from leaves(value.orelse)
    else:
        yield value


def _inside(
    call: cst.BaseExpression, notes: Sequence[str], breaks: Breaks, pad: str, unit: str
) -> cst.BaseExpression:
    """Put comments between a call's parentheses, above its first argument."""
    if not notes or not isinstance(call, cst.Call):
        return call
    before = call.whitespace_before_args
    gap = breaks.gap(pad + unit if call.args else pad, [])
    lines = breaks.gap(pad + unit, notes).empty_lines
    if isinstance(before, cst.ParenthesizedWhitespace):
        return call.with_changes(
            whitespace_before_args=before.with_changes(empty_lines=[*lines, *before.empty_lines])
        )
    args = list(call.args)
    if args:
        args[-1] = args[-1].with_changes(whitespace_after_arg=breaks.gap(pad))
    return call.with_changes(whitespace_before_args=gap.with_changes(empty_lines=lines), args=args)
