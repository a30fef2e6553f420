"""The brackets and commas of displays, and the white space at them."""

from __future__ import annotations

from typing import Sequence, Union

import libcst as cst

Display = Union[cst.List, cst.Tuple, cst.Set]


def broken_after(element: cst.BaseElement, gap: cst.ParenthesizedWhitespace) -> cst.BaseElement:
    """Let the next element start a line."""
    comma = element.comma
    if not isinstance(comma, cst.Comma):
        return element
    if isinstance(comma.whitespace_after, cst.ParenthesizedWhitespace):
        return element
    return element.with_changes(comma=comma.with_changes(whitespace_after=gap))


def with_notes(
    before: cst.ParenthesizedWhitespace, fresh: cst.ParenthesizedWhitespace, noted: bool
) -> cst.ParenthesizedWhitespace:
    """Put comments above the next element into the white space before it."""
    if not noted:
        return before
    lines = [
        line.with_changes(indent=before.indent, whitespace=before.last_line)
        for line in fresh.empty_lines
    ]
    return before.with_changes(empty_lines=[*before.empty_lines, *lines])


def after_comma(element: cst.BaseElement) -> object:
    """Return the white space behind the comma of an element; None where there is none."""
    return element.comma.whitespace_after if isinstance(element.comma, cst.Comma) else None


def brackets(
    display: Display,
) -> tuple[
    cst.LeftSquareBracket | cst.LeftCurlyBrace | cst.LeftParen,
    cst.RightSquareBracket | cst.RightCurlyBrace | cst.RightParen,
]:
    """Return the brackets of a display."""
    if isinstance(display, cst.List):
        return display.lbracket, display.rbracket
    if isinstance(display, cst.Set):
        return display.lbrace, display.rbrace
    return display.lpar[-1], display.rpar[0]


def opened(display: Display, after: object) -> Display:
    """Give the opening bracket of a display other white space behind it."""
    if isinstance(display, cst.List):
        return display.with_changes(lbracket=display.lbracket.with_changes(whitespace_after=after))
    if isinstance(display, cst.Set):
        return display.with_changes(lbrace=display.lbrace.with_changes(whitespace_after=after))
    inner = display.lpar[-1].with_changes(whitespace_after=after)
    return display.with_changes(lpar=[*display.lpar[:-1], inner])


def bracketed(display: Display, after: object, before: object) -> Display:
    """Give both brackets of a display other white space inside them."""
    display = opened(display, after)
    if isinstance(display, cst.List):
        return display.with_changes(
            rbracket=display.rbracket.with_changes(whitespace_before=before)
        )
    if isinstance(display, cst.Set):
        return display.with_changes(rbrace=display.rbrace.with_changes(whitespace_before=before))
    inner = display.rpar[0].with_changes(whitespace_before=before)
    return display.with_changes(rpar=[inner, *display.rpar[1:]])


def last_inherits(
    items: Sequence[cst.BaseElement], now: cst.BaseElement, comma: cst.Comma
) -> list[cst.BaseElement]:
    """Give the last of the new elements the comma of the old one, with what follows it."""
    first = [item.with_changes(comma=comma) for item in items[:-1]]
    return [*first, items[-1].with_changes(comma=now.comma)]
