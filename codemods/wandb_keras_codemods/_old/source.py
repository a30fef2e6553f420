"""A source text, its syntax tree, and edits by position: what is not edited stays as it is."""

from __future__ import annotations

import ast
import io
import re
import tokenize
import warnings
from bisect import bisect_right
from typing import NamedTuple

from wandb_keras_codemods.findings import Finding, ParseFailure

_LINE_END = re.compile(r"\r\n|\r|\n")


class Edit(NamedTuple):
    """Replace the characters from start up to end by text."""

    start: int
    end: int
    text: str


def parse(text: str, filename: str = "<string>") -> ast.Module:
    """Parse a text, without the compiler's warnings.

    Raises:
        ParseFailure: It is not Python that this interpreter knows.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text, filename)
    except SyntaxError as error:
        raise ParseFailure(
            error.msg or "syntax error", error.lineno or 1, error.offset or 1
        ) from None
    except (ValueError, RecursionError, MemoryError) as error:
        raise ParseFailure(str(error) or type(error).__name__) from None


class Source:
    """A parsed source text.

    Args:
        text: The text, a byte order mark included.
        filename: Its name, for messages.

    Raises:
        ParseFailure: It cannot be parsed.
    """

    def __init__(self, text: str, filename: str = "<string>") -> None:
        self.text = text
        self.filename = filename
        self._mark = 1 if text.startswith("\ufeff") else 0
        # an editor's form feed or a lone CR inside a line is nothing to ast's line count but CR is
        self.tree = parse(text[self._mark :], filename)
        self._starts = [self._mark]
        self._starts += [match.end() for match in _LINE_END.finditer(text, self._mark)]
        ending = _LINE_END.search(text)
        self.eol = ending.group() if ending else "\n"
        self.parents: dict[ast.AST, ast.AST] = {}
        todo: list[ast.AST] = [self.tree]
        while todo:
            node = todo.pop()
            for child in ast.iter_child_nodes(node):
                self.parents[child] = node
                todo.append(child)

    def parent(self, node: ast.AST) -> ast.AST:
        """Return the node that holds a node."""
        return self.parents[node]

    def statement(self, node: ast.AST) -> ast.stmt:
        """Return the innermost statement around a node."""
        while not isinstance(node, ast.stmt):
            node = self.parents[node]
        return node

    def in_fstring(self, node: ast.AST) -> bool:
        """Tell whether a node stands in an f-string, where positions cannot be relied on."""
        while isinstance(node, ast.expr):
            if isinstance(node, ast.JoinedStr):
                return True
            node = self.parents[node]
        return False

    def offset(self, line: int, column: int) -> int:
        """Turn ast's line and UTF-8 column into an index of the text."""
        start = self._starts[line - 1]
        content = self.text[start : start + column]
        if content.isascii():
            return start + column
        return start + len(content.encode("utf-8")[:column].decode("utf-8"))

    def span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        """Return where a node starts and ends in the text."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return (
            self.offset(node.lineno, node.col_offset),
            self.offset(node.end_lineno, node.end_col_offset),
        )

    def text_of(self, node: ast.expr | ast.stmt) -> str:
        """Return a node's source text."""
        start, end = self.span(node)
        return self.text[start:end]

    def place(self, index: int) -> tuple[int, int]:
        """Return line and column, from 1, of an index of the text."""
        line = bisect_right(self._starts, index) - 1
        return line + 1, index - self._starts[line] + 1

    def finding(
        self, node: ast.expr | ast.stmt, code: str, message: str, hint: str = ""
    ) -> Finding:
        """Make a finding about a node."""
        start, end = self.span(node)
        return Finding(code, message, hint, *self.place(start), *self.place(end))

    def line_start(self, index: int) -> int:
        """Return where the line of an index starts."""
        return self._starts[bisect_right(self._starts, index) - 1]

    def line_end(self, index: int) -> int:
        """Return where the line of an index ends, before its line ending."""
        match = _LINE_END.search(self.text, index)
        return match.start() if match else len(self.text)

    def indent(self, index: int) -> str:
        """Return the white space a line starts with."""
        start = self.line_start(index)
        match = re.compile(r"[ \t\f]*").match(self.text, start)
        return match.group() if match else ""

    def widen(self, start: int, end: int) -> tuple[int, int]:
        """Take in the redundant parentheses around an expression."""
        text = self.text
        while True:
            left, right = start, end
            while left > 0 and text[left - 1].isspace():
                left -= 1
            while right < len(text) and text[right].isspace():
                right += 1
            if left == 0 or right == len(text) or text[left - 1] != "(" or text[right] != ")":
                return start, end
            start, end = left - 1, right + 1


def apply(text: str, edits: list[Edit]) -> str:
    """Apply edits that do not overlap; insertions at one place keep their order."""
    pieces = []
    done = 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        if edit.start < done:
            raise ValueError(f"overlapping edits at {edit.start}")
        pieces += [text[done : edit.start], edit.text]
        done = edit.end
    return "".join([*pieces, text[done:]])


def comments(text: str) -> list[tuple[int, str]]:
    """Return the comments of an expression's text, with their offsets."""
    if "#" not in text:
        return []
    lines = [0]
    lines += [match.end() for match in _LINE_END.finditer(text)]
    found = []
    readline = io.StringIO("(" + text + "\n)", newline="").readline
    for token in tokenize.generate_tokens(readline):
        if token.type == tokenize.COMMENT:
            row, column = token.start
            offset = lines[row - 1] + column - (1 if row == 1 else 0)
            found.append((offset, token.string.rstrip()))
    return found
