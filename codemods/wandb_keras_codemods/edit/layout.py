"""Where code stands on its lines, so that what replaces it is laid out like its neighbours."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Sequence

import libcst as cst

from wandb_keras_codemods.find.module import Module
from wandb_keras_codemods.findings.lines import LINE_END
from wandb_keras_codemods.plan.expressions import code_of

WIDTH = 100  # where a line of callbacks is broken
SHORT = 60  # up to here an argument that was broken stands on one line


class Layout:
    """Measures lines of the module as it was.

    Args:
        module: The module.
    """

    def __init__(self, module: Module) -> None:
        self._module = module

    @cached_property
    def _lines(self) -> list[str]:
        return LINE_END.split(self._module.code)

    def line(self, node: cst.CSTNode) -> str:
        """Return the line a node starts on."""
        return self._lines[self._module.position(node).start.line - 1]

    def before(self, node: cst.CSTNode) -> str:
        """Return what stands before a node on its line."""
        return self.line(node)[: self._module.position(node).start.column]

    def after(self, node: cst.CSTNode) -> str:
        """Return what stands behind a node on its last line."""
        end = self._module.position(node).end
        return self._lines[end.line - 1][end.column :]

    def indent(self, node: cst.CSTNode) -> str:
        """Return the white space that the line of a node starts with."""
        return blank(self.line(node))

    def fits(self, node: cst.CSTNode, text: str) -> bool:
        """Tell whether a text can stand for a node on its line."""
        length = len(self.before(node)) + len(text) + len(self.after(node))
        return "\n" not in text and "\r" not in text and length <= WIDTH

    def unit(self, node: cst.CSTNode) -> str:
        """Return what one more level of indentation is, around a node."""
        default = self._module.tree.default_indent
        for above in self._module.around(node):
            if isinstance(above, cst.IndentedBlock):
                return default if above.indent is None else above.indent
        return default

    def block(self, node: cst.CSTNode) -> str:
        """Return the indentation of the block a node stands in."""
        default = self._module.tree.default_indent
        indents = [
            default if above.indent is None else above.indent
            for above in self._module.around(node)
            if isinstance(above, cst.IndentedBlock)
        ]
        return "".join(reversed(indents))


def blank(text: str) -> str:
    """Return the white space a text starts with."""
    return text[: len(text) - len(text.lstrip(" \t\f"))]


class Breaks:
    """Makes line breaks inside the brackets of one statement.

    Args:
        block: The indentation of the block it stands in, which LibCST prints itself.
    """

    def __init__(self, block: str) -> None:
        self._block = block

    def gap(self, indent: str, notes: Sequence[str] = ()) -> cst.ParenthesizedWhitespace:
        """Return a line break, comments on lines of their own, and an indentation."""
        inside, rest = self._split(indent)
        lines = [
            cst.EmptyLine(
                indent=inside, whitespace=cst.SimpleWhitespace(rest), comment=cst.Comment(note)
            )
            for note in notes
        ]
        return cst.ParenthesizedWhitespace(
            empty_lines=lines, indent=inside, last_line=cst.SimpleWhitespace(rest)
        )

    def _split(self, indent: str) -> tuple[bool, str]:
        if indent.startswith(self._block):
            return True, indent[len(self._block) :]
        return False, indent


def trailing(gap: cst.ParenthesizedWhitespace, note: str | None) -> cst.ParenthesizedWhitespace:
    """Return a line break with a comment before it."""
    if note is None:
        return gap
    first = cst.TrailingWhitespace(whitespace=cst.SimpleWhitespace("  "), comment=cst.Comment(note))
    return gap.with_changes(first_line=first)


def indent_of(gap: object, block: str) -> str | None:
    """Return the indentation behind a line break; None where there is no break."""
    if not isinstance(gap, cst.ParenthesizedWhitespace):
        return None
    return (block if gap.indent else "") + gap.last_line.value


def notes_of(gap: object) -> tuple[list[str], list[str]]:
    """Return the comments in white space: at the end of the line before, and on own lines."""
    if not isinstance(gap, cst.ParenthesizedWhitespace):
        return [], []
    first = gap.first_line.comment
    own = [line.comment.value for line in gap.empty_lines if line.comment is not None]
    return ([] if first is None else [first.value]), own


def all_notes(node: cst.CSTNode) -> list[str]:
    """Return all comments inside a node."""
    if isinstance(node, cst.Comment):
        return [node.value]
    return [note for child in node.children for note in all_notes(child)]


def one_line(node: cst.BaseExpression) -> cst.BaseExpression:
    """Put an expression on one line when it is short and nothing but white space is broken."""
    text = code_of(node)
    if LINE_END.search(text) is None:
        return node
    if any(mark in text for mark in ("#", "\\", '"""', "'''")):
        return node
    joined = node.visit(_Joined())
    assert isinstance(joined, cst.BaseExpression)
    text = code_of(joined)
    return joined if len(text) <= SHORT and LINE_END.search(text) is None else node


_NOTHING = cst.SimpleWhitespace("")


class _Joined(cst.CSTTransformer):
    """Takes the line breaks out of an expression."""

    def leave_ParenthesizedWhitespace(  # noqa: N802
        self,
        original_node: cst.ParenthesizedWhitespace,
        updated_node: cst.ParenthesizedWhitespace,
    ) -> cst.SimpleWhitespace:
        return cst.SimpleWhitespace(" ")

    def on_leave(self, original_node: cst.CSTNodeT, updated_node: cst.CSTNodeT) -> cst.CSTNodeT:
        node: Any = super().on_leave(original_node, updated_node)
        broken = cst.ParenthesizedWhitespace
        for name in ("whitespace_before", "whitespace_after"):
            opening = isinstance(original_node, _OPENING) and name == "whitespace_after"
            closing = isinstance(original_node, _CLOSING) and name == "whitespace_before"
            if (opening or closing) and isinstance(getattr(original_node, name), broken):
                node = node.with_changes(**{name: _NOTHING})
        if isinstance(node, cst.Call):
            node = _tight_call(node)
        return node  # type: ignore[no-any-return]


_OPENING = (cst.LeftParen, cst.LeftSquareBracket, cst.LeftCurlyBrace)
_CLOSING = (cst.RightParen, cst.RightSquareBracket, cst.RightCurlyBrace)


def _tight_call(call: cst.Call) -> cst.Call:
    if not call.args:
        return call.with_changes(whitespace_before_args=_NOTHING)
    last = call.args[-1].with_changes(
        comma=cst.MaybeSentinel.DEFAULT, whitespace_after_arg=_NOTHING
    )
    return call.with_changes(whitespace_before_args=_NOTHING, args=[*call.args[:-1], last])


def shifted(node: cst.BaseExpression, by: str) -> cst.BaseExpression:
    """Return an expression whose continued lines stand further right."""
    if not by:
        return node
    found = node.visit(_Shifted(by))
    assert isinstance(found, cst.BaseExpression)
    return found


class _Shifted(cst.CSTTransformer):
    def __init__(self, by: str) -> None:
        super().__init__()
        self._by = by

    def leave_ParenthesizedWhitespace(  # noqa: N802
        self,
        original_node: cst.ParenthesizedWhitespace,
        updated_node: cst.ParenthesizedWhitespace,
    ) -> cst.ParenthesizedWhitespace:
        lines = [
            line if line.comment is None else self._further(line, "whitespace")
            for line in updated_node.empty_lines
        ]
        return self._further(updated_node, "last_line").with_changes(empty_lines=lines)

    def _further(self, node: cst.CSTNodeT, name: str) -> cst.CSTNodeT:
        value = getattr(node, name).value
        return node.with_changes(**{name: cst.SimpleWhitespace(self._by + value)})
