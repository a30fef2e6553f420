"""Replace, insert and remove statements where they stand, on lines of their own or shared ones."""

from __future__ import annotations

from collections import defaultdict
from itertools import takewhile
from typing import Callable, Sequence, Union

import libcst as cst

from wandb_keras_codemods.find.module import Module

from .layout import Layout

Small = cst.BaseSmallStatement
Line = Union[cst.SimpleStatementLine, cst.SimpleStatementSuite]
Edit = Callable[[cst.CSTNode], object]  # of the updated node


class Statements:
    """Collects what becomes of statements, and makes the edits of their lines.

    Args:
        module: The module.
        layout: Measures lines.
    """

    def __init__(self, module: Module, layout: Layout) -> None:
        self._module = module
        self._layout = layout
        self._replaced: dict[Small, list[Small]] = {}
        self._before: dict[Small, list[Small]] = defaultdict(list)
        self._behind: dict[Small, list[Small]] = defaultdict(list)
        self._notes: dict[Small, list[str]] = defaultdict(list)
        self._below: dict[cst.SimpleStatementLine, cst.BaseStatement] = {}

    def replace(self, small: Small, new: Sequence[Small], notes: Sequence[str] = ()) -> None:
        """Replace a statement by others, none of them to remove it."""
        self._replaced[small] = list(new)
        self._notes[small] += notes

    def insert_before(self, small: Small, new: Sequence[Small]) -> None:
        """Insert statements before one."""
        self._before[small] += new

    def insert_behind(self, small: Small, new: Sequence[Small]) -> None:
        """Insert statements behind one."""
        self._behind[small] += new

    def insert_below(self, line: cst.SimpleStatementLine, new: cst.BaseStatement) -> None:
        """Insert a class below a line and the imports that follow it."""
        self._below[self._last_import(line)] = new

    def edits(self) -> dict[cst.CSTNode, Edit]:
        """Return the edits of all lines."""
        edits: dict[cst.CSTNode, Edit] = {}
        lines: dict[Line, None] = {}
        for small in (*self._replaced, *self._before, *self._behind):
            line = self._module.parent(small)
            assert isinstance(line, (cst.SimpleStatementLine, cst.SimpleStatementSuite))
            lines[line] = None
        kept = self._passes(lines)
        for line in (*lines, *self._below):
            edits[line] = self._edit(line, line in kept)
        gone = [line for line in lines if line not in kept and self._is_gone(line)]
        self._hand_on(dict.fromkeys(gone), edits)
        for line in self._below:
            self._space_out(line, edits)
        return edits

    # one line

    def _edit(self, line: Line, only_pass: bool) -> Edit:
        def edit(updated: cst.CSTNode) -> object:
            assert isinstance(updated, (cst.SimpleStatementLine, cst.SimpleStatementSuite))
            smalls = self._smalls(line, updated)
            if not smalls and (only_pass or isinstance(updated, cst.SimpleStatementSuite)):
                smalls = [cst.Pass()]
            below = self._below.get(line) if isinstance(line, cst.SimpleStatementLine) else None
            if isinstance(updated, cst.SimpleStatementLine) and len(line.body) == 1:
                new = self._lines(line.body[0], updated, smalls)
            elif not smalls:
                new = []
            else:
                whole = updated.with_changes(body=_joined(smalls, updated.body[-1]))
                new = [whole]  # type: ignore[list-item]
            found = [*new, *([] if below is None else [below])]
            if not found:
                return cst.RemovalSentinel.REMOVE
            return found[0] if len(found) == 1 else cst.FlattenSentinel(found)

        return edit

    def _smalls(self, line: Line, updated: Line) -> list[Small]:
        found: list[Small] = []
        for was, now in zip(line.body, updated.body):
            found += self._before[was]
            new = self._replaced.get(was)
            if new is None:
                found.append(now)
            elif new:
                last = new[-1].with_changes(semicolon=now.semicolon)
                found += [*new[:-1], last]
            found += self._behind[was]
        return found

    def _lines(
        self, small: Small, updated: cst.SimpleStatementLine, smalls: list[Small]
    ) -> list[cst.BaseStatement]:
        """Give each statement a line; comments above stay above, the one beside where it was."""
        above = [cst.EmptyLine(comment=cst.Comment(note)) for note in self._notes[small]]
        leading = [*updated.leading_lines, *above]
        # what stood beside the statement stands beside the last that replaces it
        place = len(self._before[small]) + max(0, len(self._replaced.get(small, [small])) - 1)
        lines: list[cst.BaseStatement] = []
        for number, each in enumerate(smalls):
            body = [each.with_changes(semicolon=cst.MaybeSentinel.DEFAULT)]
            line = (
                updated.with_changes(body=body, leading_lines=[])
                if number == place
                else cst.SimpleStatementLine(body)
            )
            lines.append(line.with_changes(leading_lines=leading) if number == 0 else line)
        return lines

    # what goes, and what its neighbours keep

    def _is_gone(self, line: cst.CSTNode) -> bool:
        return isinstance(line, cst.SimpleStatementLine) and all(
            self._replaced.get(small) == [] and not self._behind[small] and not self._before[small]
            for small in line.body
        )

    def _passes(self, lines: dict[Line, None]) -> set[Line]:
        """Return the lines that hold a block open: the first where all of it is removed."""
        found: set[Line] = set()
        for line in lines:
            block = self._module.parent(line)
            first = isinstance(block, cst.IndentedBlock) and block.body[0] is line
            if first and all(self._is_gone(each) for each in block.body):  # type: ignore[attr-defined]
                found.add(line)
        return found

    def _hand_on(self, gone: dict[cst.CSTNode, None], edits: dict[cst.CSTNode, Edit]) -> None:
        """Give the lines above removed ones to what follows, without the comments on what goes."""
        left: dict[cst.CSTNode, list[cst.EmptyLine]] = {}
        for line in sorted(gone, key=self._module.order):
            assert isinstance(line, cst.SimpleStatementLine)
            following = self._following(line)
            if following is None:
                end = self._module.position(self._module.tree.body[-1]).end
                if self._module.position(line).end == end:  # the line before had its own end
                    edits[self._module.tree] = _ended
                continue
            below: Sequence[cst.EmptyLine] = following.leading_lines  # type: ignore[attr-defined]
            own = list(line.leading_lines)
            while below and own and own[-1].comment is not None:
                own.pop()
            for small in line.body:
                own += [cst.EmptyLine(comment=cst.Comment(note)) for note in self._notes[small]]
            above = [*left.pop(line, ()), *own]
            if following in gone:
                left[following] = above
            else:
                self._close_gap(line, following, above, edits)

    def _close_gap(
        self,
        line: cst.SimpleStatementLine,
        following: cst.CSTNode,
        above: list[cst.EmptyLine],
        edits: dict[cst.CSTNode, Edit],
    ) -> None:
        """Leave one gap of those around a removed line, and none at the top of a file."""
        block = self._module.parent(line)
        first = isinstance(block, (cst.Module, cst.IndentedBlock)) and block.body[0] is line
        header = self._module.tree.header if first and isinstance(block, cst.Module) else ()
        lines = [*header, *above]
        blank = _blanks(following.leading_lines)  # type: ignore[attr-defined]
        at_top = first and not lines
        self._lead(following, above, edits, blank if at_top else min(blank, _blanks(lines[::-1])))

    def _following(self, line: cst.CSTNode) -> cst.CSTNode | None:
        block = self._module.parent(line)
        if not isinstance(block, (cst.Module, cst.IndentedBlock)):
            return None
        body: list[cst.CSTNode] = list(block.body)
        at = body.index(line)
        return body[at + 1] if at + 1 < len(body) else None

    def _lead(
        self,
        node: cst.CSTNode,
        lines: Sequence[cst.EmptyLine],
        edits: dict[cst.CSTNode, Edit],
        fewer: int = 0,
    ) -> None:
        """Put lines above a statement, in place of so many, whatever else becomes of it."""
        if not (lines or fewer):
            return
        before = edits.get(node)

        def edit(updated: cst.CSTNode) -> object:
            leading = [*lines, *updated.leading_lines[fewer:]]  # type: ignore[attr-defined]
            updated = updated.with_changes(leading_lines=leading)
            return updated if before is None else before(updated)

        edits[node] = edit

    def _last_import(self, line: cst.SimpleStatementLine) -> cst.SimpleStatementLine:
        """Return the last of the imports that follow one another without a gap of other text."""
        last = line
        while True:
            following = self._following(last)
            alone = (
                isinstance(following, cst.SimpleStatementLine)
                and not any(each.comment for each in following.leading_lines)
                and isinstance(following.body[0], (cst.Import, cst.ImportFrom))
                and last.trailing_whitespace.comment is None
            )
            if not alone:
                return last
            assert isinstance(following, cst.SimpleStatementLine)
            last = following

    def _space_out(self, line: cst.SimpleStatementLine, edits: dict[cst.CSTNode, Edit]) -> None:
        """Leave blank lines below a class that is inserted."""
        following = self._following(line)
        if following is None:
            return
        wanted = 1 if self._layout.block(line) else 2
        leading = following.leading_lines  # type: ignore[attr-defined]
        missing = [cst.EmptyLine(indent=False)] * max(0, wanted - _blanks(leading))
        self._lead(following, missing, edits)


def _blanks(lines: Sequence[cst.EmptyLine]) -> int:
    """Count the blank lines that come first."""
    return len(list(takewhile(lambda line: line.comment is None, lines)))


def _ended(updated: cst.CSTNode) -> object:
    """Let the last line end as it did before another."""
    return updated.with_changes(has_trailing_newline=True)


def _joined(smalls: Sequence[Small], last: Small) -> list[Small]:
    """Put statements on one line; the last is followed by what followed the last one."""
    semicolon = cst.Semicolon(whitespace_after=cst.SimpleWhitespace(" "))
    found = [
        small
        if isinstance(small.semicolon, cst.Semicolon)
        else small.with_changes(semicolon=semicolon)
        for small in smalls[:-1]
    ]
    return [*found, smalls[-1].with_changes(semicolon=last.semicolon)]
