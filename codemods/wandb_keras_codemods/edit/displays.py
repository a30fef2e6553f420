"""Put callbacks into displays, or into lists of their own, laid out like their neighbours."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Callable, Sequence

import libcst as cst

from wandb_keras_codemods.plan.expressions import code_of

from .brackets import (
    Display,
    after_comma,
    bracketed,
    brackets,
    broken_after,
    last_inherits,
    opened,
    with_notes,
)  # fmt: skip
from .layout import WIDTH, Breaks, Layout, indent_of, notes_of

Items = Callable[[str, int], "list[cst.BaseElement]"]  # by indentation and room behind the last
_SPACE = cst.SimpleWhitespace(" ")
_NOTHING = cst.SimpleWhitespace("")


@dataclass(eq=False)
class Splice:
    """What stands for one element of a display from now on.

    Args:
        plain: The new elements, on one line each.
        items: The new elements, broken where their line is too long.
        notes: Comments that stand above them.
        broken: Whether they cannot share a line, because they carry comments.
    """

    plain: list[cst.BaseElement]
    items: Items
    notes: list[str] = field(default_factory=list)
    broken: bool = False


def listed(
    items: Splice,
    layout: Layout,
    node: cst.CSTNode,
    breaks: Breaks,
    around: tuple[int, int] = (0, 0),
) -> cst.List:
    """Return a list of its own for what stands for a node.

    Args:
        items: What stands for the node.
        layout: Measures lines.
        node: The node.
        breaks: Makes line breaks in the node's statement.
        around: How much is written around the list: before and behind it on its line.
    """
    if not items.plain:
        return cst.List([])
    whole = cst.List(_separated(items.plain, ", "))
    text = code_of(whole)
    lengthy = "x" * (len(text) + sum(around)) if "\n" not in text else text
    if not items.notes and not items.broken and layout.fits(node, lengthy):
        return whole
    outer = layout.indent(node)
    pad = outer + layout.unit(node)
    elements = [
        element.with_changes(comma=cst.Comma(whitespace_after=breaks.gap(pad)))
        for element in items.items(pad, 1)
    ]
    elements[-1] = elements[-1].with_changes(comma=cst.Comma(whitespace_after=_NOTHING))
    return cst.List(
        elements,
        lbracket=cst.LeftSquareBracket(whitespace_after=breaks.gap(pad, items.notes)),
        rbracket=cst.RightSquareBracket(whitespace_before=breaks.gap(outer)),
    )


def _separated(elements: Sequence[cst.BaseElement], by: str) -> list[cst.BaseElement]:
    comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(by[1:]))
    return [*(element.with_changes(comma=comma) for element in elements[:-1]), elements[-1]]


class Spliced:
    """Puts new elements into one display; used on its updated node.

    Args:
        display: The display as it was.
        splices: What stands for its elements.
        layout: Measures lines.
        breaks: Makes line breaks in the display's statement.
    """

    def __init__(
        self,
        display: Display,
        splices: dict[cst.BaseElement, Splice],
        layout: Layout,
        breaks: Breaks,
    ) -> None:
        self._display = display
        self._elements: Sequence[cst.BaseElement] = display.elements
        self._splices = splices
        self._layout = layout
        self._breaks = breaks
        self._block = layout.block(display)

    def __call__(self, updated: Display) -> Display:
        """Return the display with its new elements."""
        if any(not splice.plain for splice in self._splices.values()):
            updated = self._without_removed(updated)
        if not self._splices:
            return updated
        if self._on_one_line():
            return self._changed(updated, self._short(updated))
        if self._bare:
            updated = updated.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
            return self._exploded(updated)
        if self._tight():
            return self._exploded(updated)
        return self._hanging(updated)

    def _without_removed(self, updated: Display) -> Display:
        """Take out what nothing stands for; what followed it follows the element before it."""
        was: list[cst.BaseElement] = []
        now: list[cst.BaseElement] = []
        opening = None if self._bare else brackets(updated)[0].whitespace_after
        for old, new in zip(self._elements, updated.elements):
            if old not in self._splices or self._splices[old].plain:
                was.append(old)
                now.append(new)
                continue
            del self._splices[old]
            if now:
                now[-1] = now[-1].with_changes(comma=new.comma)
            elif isinstance(new.comma, cst.Comma) and len(updated.elements) == 1:
                opening = new.comma.whitespace_after
        self._elements = was
        if self._bare and len(now) < 2:
            updated = updated.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
            return self._changed(updated, now)
        return (
            updated.with_changes(elements=now)
            if self._bare
            else opened(self._changed(updated, now), opening)
        )

    @property
    def _bare(self) -> bool:
        """Whether it is a tuple without parentheses, in which no line can be broken."""
        return isinstance(self._display, cst.Tuple) and not self._display.lpar

    def _on_one_line(self) -> bool:
        longer: dict[str, int] = {}
        for element, splice in self._splices.items():
            if splice.notes or splice.broken:
                return False
            text = ", ".join(code_of(item) for item in splice.plain)
            if "\n" in text or "\r" in text:
                if len(splice.plain) > 1:
                    return False
                continue
            if not self._layout.fits(element.value, text):
                return False
            key = self._layout.line(element.value)
            longer[key] = longer.get(key, len(key)) + len(text) - len(code_of(element.value))
        return all(length <= WIDTH for length in longer.values())

    def _short(self, updated: Display) -> list[cst.BaseElement]:
        found: list[cst.BaseElement] = []
        for was, now in zip(self._elements, updated.elements):
            splice = self._splices.get(was)
            if splice is None:
                found.append(now)
                continue
            found += last_inherits(splice.plain, now, cst.Comma(whitespace_after=_SPACE))
        return found

    def _changed(self, updated: Display, elements: list[cst.BaseElement]) -> Display:
        return updated.with_changes(elements=elements)

    # one element a line

    def _tight(self) -> bool:
        """Whether the display has no line break and no comment outside what is replaced."""
        display = self._display
        opening, closing = brackets(display)
        gaps = [opening.whitespace_after, closing.whitespace_before]
        for element in self._elements:
            if isinstance(element.comma, cst.Comma):
                gaps += [element.comma.whitespace_before, element.comma.whitespace_after]
            if element not in self._splices:
                text = code_of(element.value)
                if "\n" in text or "\r" in text:
                    return False
        return not any(
            isinstance(gap, cst.ParenthesizedWhitespace) or "\\" in getattr(gap, "value", "")
            for gap in gaps
        )

    def _exploded(self, updated: Display) -> Display:
        outer = self._layout.indent(self._display)
        pad = outer + self._layout.unit(self._display)
        gap = self._breaks.gap
        rows: list[tuple[list[str], cst.BaseElement]] = []
        for was, now in zip(self._elements, updated.elements):
            splice = self._splices.get(was)
            if splice is None:
                rows.append(([], now))
                continue
            notes = splice.notes
            for item in splice.items(pad, 1):
                rows.append((notes, item))
                notes = []
        elements = []
        for number, (_, item) in enumerate(rows):
            after = gap(pad, rows[number + 1][0]) if number + 1 < len(rows) else _NOTHING
            elements.append(item.with_changes(comma=cst.Comma(whitespace_after=after)))
        return bracketed(self._changed(updated, elements), gap(pad, rows[0][0]), gap(outer))

    # below one another, where the display has line breaks

    def _hanging(self, updated: Display) -> Display:
        pad = self._pad()
        gap = self._breaks.gap
        found: list[cst.BaseElement] = []
        was_elements = self._elements
        opening: object = brackets(updated)[0].whitespace_after
        for number, (was, now) in enumerate(zip(was_elements, updated.elements)):
            splice = self._splices.get(was)
            if splice is None:
                found.append(now)
                continue
            items = splice.items(pad, 1)
            before = (
                brackets(self._display)[0].whitespace_after
                if number == 0
                else after_comma(was_elements[number - 1])
            )
            whitespace: object
            if isinstance(before, cst.ParenthesizedWhitespace):
                whitespace = with_notes(before, gap(pad, splice.notes), bool(splice.notes))
            elif "\\" in getattr(before, "value", "") and not splice.notes:
                whitespace = before
            elif splice.notes or (number and len(items) > 1):
                whitespace = gap(pad, splice.notes)
            else:
                whitespace = before
            if number == 0:
                opening = whitespace
            elif whitespace is not before:
                comma = found[-1].comma
                assert isinstance(comma, cst.Comma)
                found[-1] = found[-1].with_changes(
                    comma=comma.with_changes(whitespace_after=whitespace)
                )
            last = number + 1 == len(was_elements)
            if not last and len(items) > 1:
                now = broken_after(now, gap(pad))
            found += last_inherits(items, now, cst.Comma(whitespace_after=gap(pad)))
        return opened(self._changed(updated, found), opening)

    def _pad(self) -> str:
        """Return the indentation of elements that start a line."""
        elements = self._elements
        first = next(n for n, element in enumerate(elements) if element in self._splices)
        gaps = [after_comma(element) for element in elements[:-1]]
        near = [
            *reversed(gaps[:first]),
            *gaps[first:],
            brackets(self._display)[0].whitespace_after,
        ]
        for gap in near:
            indent = indent_of(gap, self._block)
            if indent is not None:
                return indent
        before = self._layout.before(elements[first].value)
        if not before.strip():  # behind a continued line
            return before
        before = self._layout.before(elements[0].value)
        indent = self._layout.indent(elements[0].value)
        return indent + " " * (len(before) - len(indent))


def hoisted_notes(node: cst.BaseExpression) -> list[str]:
    """Return the comments in the parentheses around a value, which it loses."""
    notes: list[str] = []
    for left in node.lpar:
        notes += [note for each in notes_of(left.whitespace_after) for note in each]
    for right in node.rpar:
        notes += [note for each in notes_of(right.whitespace_before) for note in each]
    return notes
