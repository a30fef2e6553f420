"""What LibCST prints of a tree, and where each of its nodes stands in that text."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property

import libcst as cst
from libcst.metadata import ByteSpanPositionProvider, CodePosition, CodeRange
from libcst.metadata.span_provider import SpanProvidingCodegenState

from wandb_keras_codemods.findings.lines import line_starts


class Printed:
    r"""A tree's text and the places of its nodes, from one printing.

    The places are those of LibCST's PositionProvider. That costs six printings, for it makes two
    places for each node; few of them are ever asked for.

    Args:
        tree: The tree, fresh from the parser: no node stands in it twice.

    Example:
        >>> tree = cst.parse_module("import a\nb")
        >>> printed = Printed(tree)
        >>> printed.text
        'import a\nb'
        >>> printed.place(tree.body[1]).start
        CodePosition(line=2, column=0)
    """

    def __init__(self, tree: cst.Module) -> None:
        state = _Spans(tree.default_indent, tree.default_newline)
        tree._codegen(state)  # as its property `code` does
        self.text = "".join(state.tokens)
        self._spans = state.spans
        self._rest = state.rest

    def start(self, node: cst.CSTNode) -> int:
        """Return the index of a node's first character in the text."""
        return self._spans[id(node)][0]

    def place(self, node: cst.CSTNode) -> CodeRange:
        """Return where a node starts and ends; lines from 1, columns from 0, in characters."""
        start, end = self._spans[id(node)]
        return CodeRange(self._position(start), self._position(end))

    def _position(self, index: int) -> CodePosition:
        line = bisect_right(self._lines, index)
        return CodePosition(line, index - self._lines[line - 1])

    @cached_property
    def _lines(self) -> list[int]:
        return line_starts(self.text + self._rest)


class _Spans(SpanProvidingCodegenState):
    """Notes where nodes start and end, by their identity: to hash one takes longer."""

    def __init__(self, default_indent: str, default_newline: str) -> None:
        super().__init__(default_indent, default_newline, ByteSpanPositionProvider())
        self.spans: dict[int, tuple[int, int]] = {}
        self.rest = ""  # a last line end that is no part of the text

    def add_indent_tokens(self) -> None:
        self.tokens.extend(self.indent_tokens)
        self.position += sum(map(len, self.indent_tokens))

    def add_token(self, value: str) -> None:
        self.tokens.append(value)
        self.position += len(value)

    def after_codegen(self, node: cst.CSTNode) -> None:
        self.spans.setdefault(id(node), (self._stack.pop(), self.position))

    def pop_trailing_newline(self) -> None:
        self.rest = "".join(self.tokens[-1:])
        super().pop_trailing_newline()

    def record_syntactic_position(  # type: ignore[override]  # a context manager that is no generator
        self,
        node: cst.CSTNode,
        *,
        start_node: cst.CSTNode | None = None,
        end_node: cst.CSTNode | None = None,
    ) -> _Inside:
        return _Inside(self, node, start_node, end_node)


class _Inside:
    """The part of a node that is itself, without the white space and comments that it holds."""

    __slots__ = ("_end_node", "_node", "_start", "_start_node", "_state")

    def __init__(
        self,
        state: _Spans,
        node: cst.CSTNode,
        start_node: cst.CSTNode | None,
        end_node: cst.CSTNode | None,
    ) -> None:
        self._state = state
        self._node = node
        self._start_node = start_node
        self._end_node = end_node

    def __enter__(self) -> None:
        self._start = self._state.position

    def __exit__(self, failed: object, *_: object) -> None:
        if failed is not None:
            return  # a tree too deep to print
        spans = self._state.spans
        first, last = self._start_node, self._end_node
        start = self._start if first is None else spans[id(first)][0]
        end = self._state.position if last is None else spans[id(last)][1]
        spans[id(self._node)] = start, end
