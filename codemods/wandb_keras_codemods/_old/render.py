"""Turn plans into text: one callback, several in a display, or a list of their own."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field

from wandb_keras_codemods._old.decisions import GENERATED, Part
from wandb_keras_codemods._old.source import Edit, Source, comments

WIDTH = 100  # where a line of callbacks is broken
_SHORT = 60  # up to here an argument that was broken stands on one line
_BREAK = re.compile(r"([(\[{]?)\s*[\r\n]\s*([)\]}]?)")


@dataclass(eq=False)
class Replacement:
    """What stands for one callback from now on.

    Args:
        node: The expression that is replaced.
        items: The elements it becomes, as text.
        comments: Comments that stood inside it and are kept.
    """

    node: ast.expr
    items: list[str]
    comments: list[str] = field(default_factory=list)


def part_text(part: Part, prefix: str) -> str:
    """Return one callback as an element of a list."""
    given = ", ".join(
        _joined(text) if name is None else f"{name}={_joined(text)}"
        for name, text in part.arguments
    )
    call = f"{'' if part.name == GENERATED else prefix}{part.name}({given})"
    if part.condition is None:
        return call
    return f"*([{call}] if {part.condition} else [])"


def _joined(text: str) -> str:
    """Put an argument on one line when it is short and nothing but white space is broken."""
    if any(mark in text for mark in ("#", "\\", '"""', "'''")):
        return text
    line = _BREAK.sub(lambda m: f"{m[1]}{'' if m[1] or m[2] else ' '}{m[2]}", text)
    return line if len(line) <= _SHORT else text


def lost_comments(source: Source, call: ast.Call, kept: list[str]) -> list[str]:
    """Return the comments inside a call that its replacement does not carry."""
    inside = [text for _, text in comments(source.text_of(call))]
    carried = "\n".join(kept)
    return [comment for comment in inside if comment not in carried]


class Renderer:
    """Makes the edits that put replacements in their places.

    Args:
        source: The module.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self._unit = _indent_unit(source)

    def single(self, replacement: Replacement) -> Edit:
        """Replace one callback by one."""
        start, end = self._source.span(replacement.node)
        item = replacement.items[0]
        if replacement.comments:
            item = self._with_comments(item, replacement.comments, start)
        return Edit(start, end, item)

    def whole(self, replacement: Replacement) -> Edit:
        """Replace one callback by a list of several."""
        start, end = self._source.span(replacement.node)
        text = f"[{', '.join(replacement.items)}]"
        if replacement.comments or not self._fits(start, end, text):
            text = f"[{self._exploded(start, replacement.comments, replacement.items)}]"
        return Edit(start, end, text)

    def elements(
        self, display: ast.List | ast.Tuple | ast.Set, replacements: list[Replacement], alone: bool
    ) -> list[Edit]:
        """Replace elements of a display.

        Args:
            display: The display.
            replacements: Those of its elements that change.
            alone: Whether nothing else inside the display is edited.
        """
        source = self._source
        plain = [self._spliced(display, replacement) for replacement in replacements]
        if all(edit is not None for edit in plain):
            return [edit for edit in plain if edit is not None]
        start, end = source.span(display)
        if alone and isinstance(display, ast.List) and self._tight(display, replacements):
            changed = {replacement.node: replacement for replacement in replacements}
            items: list[str] = []
            for element in display.elts:
                replacement = changed.get(element)
                if replacement is None:
                    left, right = source.widen(*source.span(element))
                    items.append(source.text[left:right])
                else:
                    items += [*replacement.comments, *replacement.items]
            return [Edit(start + 1, end - 1, self._exploded(start, [], items))]
        return [
            edit or self._broken(display, replacement)
            for edit, replacement in zip(plain, replacements)
        ]

    def _spliced(self, display: ast.expr, replacement: Replacement) -> Edit | None:
        """Put elements on one line, or return None when they do not fit there."""
        start, end = self._source.widen(*self._source.span(replacement.node))
        text = ", ".join(replacement.items)
        if isinstance(display, ast.Tuple) and self._is_bare(display):
            if replacement.comments:
                first, *others = replacement.items
                first = self._with_comments(first, replacement.comments, start)
                text = ", ".join([first, *others])
            return Edit(start, end, text)
        long = len(replacement.items) > 1 and not self._fits(start, end, text)
        return None if long or replacement.comments else Edit(start, end, text)

    def _is_bare(self, display: ast.Tuple) -> bool:
        """Whether a tuple has no parentheses, so that no line can be broken in it."""
        first = self._source.widen(*self._source.span(display.elts[0]))[0]
        return first == self._source.span(display)[0]

    def _broken(self, display: ast.expr, replacement: Replacement) -> Edit:
        """Put each element on a line of its own, below the first."""
        source = self._source
        start, end = source.widen(*source.span(replacement.node))
        before = source.text[source.line_start(start) : start]
        lines = replacement.items
        if before.strip():
            pad = source.indent(start)
            pad += " " * (len(before) - len(pad))
            if replacement.comments:
                lines = [self._with_comments(lines[0], replacement.comments, start), *lines[1:]]
            return Edit(
                start, end, f",{source.eol}{pad}".join(self._wrapped(x, pad) for x in lines)
            )
        text = f",{source.eol}{before}".join(self._wrapped(line, before) for line in lines)
        notes = "".join(f"{comment}{source.eol}{before}" for comment in replacement.comments)
        return Edit(start, end, notes + text)

    def _tight(self, display: ast.List, replacements: list[Replacement]) -> bool:
        """Whether a display has no line break and no comment outside what is replaced."""
        changed = {replacement.node for replacement in replacements}
        text, done = self._source.text, self._source.span(display)[0]
        gaps = []
        for element in display.elts:
            start, end = self._source.widen(*self._source.span(element))
            gaps.append(text[done:start] if element in changed else text[done:end])
            done = end
        gaps.append(text[done : self._source.span(display)[1]])
        return not any(mark in gap for gap in gaps for mark in "#\r\n")

    def _exploded(self, start: int, notes: list[str], items: list[str]) -> str:
        eol, outer = self._source.eol, self._source.indent(start)
        pad = outer + self._unit
        lines = [
            *notes,
            *(i if i.startswith("#") else f"{self._wrapped(i, pad)}," for i in items),
        ]
        return "".join(f"{eol}{pad}{line}" for line in lines) + f"{eol}{outer}"

    def _wrapped(self, item: str, pad: str) -> str:
        """Break a call that is too long for its line inside its parentheses."""
        if len(pad) + len(item) < WIDTH or "\n" in item or not item.endswith(")"):
            return item
        try:
            call = ast.parse(item, mode="eval").body
        except SyntaxError:  # a starred condition is no call
            return item
        if not isinstance(call, ast.Call) or not (call.args or call.keywords):
            return item
        inside = self._source.eol + pad + self._unit
        opening = item.index("(", len(str(ast.get_source_segment(item, call.func))))
        given = item[opening + 1 : -1]
        if len(pad) + len(self._unit) + len(given) > WIDTH:
            given = f",{inside}".join(
                str(ast.get_source_segment(item, node)) for node in [*call.args, *call.keywords]
            )
            given += ","
        return f"{item[:opening]}({inside}{given}{self._source.eol}{pad})"

    def _with_comments(self, item: str, notes: list[str], start: int) -> str:
        """Keep comments inside the parentheses of the first call."""
        eol = self._source.eol
        pad = self._source.indent(start) + self._unit
        outer = self._source.indent(start)
        name, _, given = item.partition("(")
        comma = "" if name == "*" else ","  # a starred condition is no call
        lines = [*notes, *([given[:-1] + comma] if given != ")" else [])]
        return name + "(" + "".join(f"{eol}{pad}{line}" for line in lines) + f"{eol}{outer})"

    def _fits(self, start: int, end: int, text: str) -> bool:
        source = self._source
        before = start - source.line_start(start)
        after = source.line_end(end) - end
        return "\n" not in text and before + len(text) + after <= WIDTH


def _indent_unit(source: Source) -> str:
    for node in source.tree.body:
        for child in getattr(node, "body", ()):
            if isinstance(child, ast.stmt) and child.col_offset:
                return source.indent(source.span(child)[0]) or "    "
    return "    "
