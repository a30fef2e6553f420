"""Parse a source with LibCST, and print an edited tree so that what is not edited stays."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import NamedTuple

import libcst as cst

from wandb_keras_codemods.find.encoding import Text, decode_python
from wandb_keras_codemods.find.nesting import too_deep
from wandb_keras_codemods.find.printed import Printed
from wandb_keras_codemods.findings import Finding, ParseFailure
from wandb_keras_codemods.findings.lines import line_starts

_MARK = "\ufeff"
_PLACE = re.compile(r"parser error: error at (?P<line>\d+):(?P<column>\d+): (?P<said>[\s\S]*)")
_SHORT = 60  # characters of what the parser expected; more is a list of all tokens
_TOKEN_BEFORE = re.compile(r"(?:(?P<quote>[\"']).*(?P=quote)|\w+|[^\w\s])(?=\s*\Z)")
_INK = re.compile(r"[^ \t\f\\\r\n]")
_PYTHON_2 = re.compile(r"\bexcept\b[^\n:#]*,\s*[a-z_]\w*\s*:")


class NotGivenBack(Exception):
    """The edited source cannot be printed with all that LibCST leaves out where nothing changed."""


class Gap(NamedTuple):
    """White space that LibCST prints otherwise than it stands in the source."""

    start: int  # in what LibCST prints
    end: int
    origin: int  # where it starts in the source
    text: str  # what stands there in the source


@dataclass(frozen=True, eq=False)
class Parsed:
    """A parsed source.

    Args:
        tree: Its tree, fresh from the parser.
        printed: What that prints.
        source: The text it was parsed from, without a byte order mark.
        file: The encoding, when it was given as bytes.
        marked: Whether a byte order mark stood first.
        gaps: What LibCST loses.
        tail: The CR that it ends in, which LibCST loses too.
    """

    tree: cst.Module
    printed: Printed
    source: str
    file: Text | None
    marked: bool
    gaps: tuple[Gap, ...]
    tail: str

    def text(self, code: str) -> str:
        """Return the text of an edited tree, with all that LibCST left out.

        Args:
            code: What the tree prints.

        Raises:
            NotGivenBack: An edit touches what LibCST left out.
        """
        if self.gaps:
            code = _restored(self.printed.text, code, self.gaps)
        if self.source.endswith("\n") or not code.endswith(("\r", "\n")):
            code += self.tail
        return _MARK * self.marked + code

    def bytes(self, code: str) -> bytes:
        """Return the bytes of an edited tree; the source was given as bytes.

        Args:
            code: What the tree prints.

        Raises:
            NotGivenBack: An edit touches what LibCST left out.
            Undecodable: The encoding lacks a character.
        """
        assert self.file is not None
        return self.file.encode(self.text(code))

    def placed(self, finding: Finding) -> Finding:
        """Move a finding from the lines that LibCST counts to those of the source."""
        if not self.gaps:
            return finding
        line, column = self._place(finding.line, finding.column)
        end_line, end_column = self._place(finding.end_line, finding.end_column)
        return replace(finding, line=line, column=column, end_line=end_line, end_column=end_column)

    def _place(self, line: int, column: int) -> tuple[int, int]:
        starts = line_starts(self.printed.text)
        index = starts[min(line, len(starts)) - 1] + column - 1
        before = [gap for gap in self.gaps if gap.end <= index]
        if before:
            last = before[-1]
            index += last.origin + len(last.text) - last.end
        starts = line_starts(self.source)
        found = bisect_right(starts, index)
        return found, index - starts[found - 1] + 1


def parse(source: str | bytes) -> Parsed:
    r"""Parse a source; what LibCST cannot give back is found out here, before anything is edited.

    Args:
        source: Text or the bytes of a file, with any line endings; a byte order mark may be first.

    Raises:
        ParseFailure: It is no Python 3, or nested so deeply that the parser would not come back.
        Undecodable: The bytes are not text in the encoding that they declare.

    Example:
        >>> parsed = parse(b"\xef\xbb\xbftry: a\nexcept B : c")
        >>> parsed.bytes(parsed.tree.code)
        b'\xef\xbb\xbftry: a\nexcept B : c'
    """
    file = decode_python(source) if isinstance(source, bytes) else None
    text = file.content if file is not None else str(source)
    marked = text.startswith(_MARK)
    whole = text[marked:]
    text = whole.rstrip("\r")
    deep = too_deep(text)
    if deep is not None:
        raise ParseFailure("nested too deeply", *_line_and_column(text, deep))
    tree = _tree(text)
    _refuse_python_2(tree, text)
    try:
        printed = Printed(tree)
        gaps = () if printed.text == text else _gaps(tree, printed.text, text)
    except RecursionError:
        raise ParseFailure("nested too deeply") from None
    return Parsed(tree, printed, text, file, marked, gaps, whole[len(text) :])


def _tree(text: str) -> cst.Module:
    try:
        return cst.parse_module(text)
    except cst.ParserSyntaxError as error:  # its own line and column are poor
        place = _PLACE.match(error.message)
        if place is None:
            line = _failing_line(text, error)
            raise ParseFailure(f"invalid syntax: {error.message}", line) from None
        said = place["said"] if len(place["said"]) <= _SHORT else ""
        line, column = _last_token(text, int(place["line"]), int(place["column"]))
        raise ParseFailure(f"invalid syntax{said and ': '}{said}", line, column) from None
    except (cst.CSTValidationError, cst.CSTLogicError, SyntaxError, ValueError) as error:
        raise ParseFailure(f"invalid syntax: {error}") from None
    except (RecursionError, MemoryError):
        raise ParseFailure("nested too deeply") from None


def _last_token(text: str, line: int, column: int) -> tuple[int, int]:
    """Return where the token stands that ends before the place where the parser stopped."""
    starts = line_starts(text)
    index = min(starts[min(line, len(starts)) - 1] + column, len(text))
    before = _TOKEN_BEFORE.search(
        text, starts[bisect_right(starts, len(text[:index].rstrip()) - 1) - 1], index
    )
    return _line_and_column(text, before.start() if before else index)


def _failing_line(text: str, error: cst.ParserSyntaxError) -> int:
    """Return the first line with which the tokenizer fails as it does: it does not say where."""
    starts = [*line_starts(text), len(text)]
    good, bad = 0, len(starts) - 1
    while bad - good > 1:
        line = (good + bad) // 2
        try:
            cst.parse_module(text[: starts[line]])
        except cst.ParserSyntaxError as other:
            same = other.message == error.message
        except Exception:
            same = False
        else:
            same = False
        good, bad = (good, line) if same else (line, bad)
    return bad


def _refuse_python_2(tree: cst.Module, text: str) -> None:
    """Refuse `except A, e:`, which from Python 3.14 on means something else.

    There it names two classes, and names of classes start with a capital.
    """
    for match in _PYTHON_2.finditer(text):
        finder = _Handlers()
        tree.visit(finder)
        if finder.found:
            line, column = _line_and_column(text, match.start())
            raise ParseFailure("invalid syntax: except A, e is Python 2", line, column)
        return


class _Handlers(cst.CSTVisitor):
    found = False

    def visit_ExceptHandler(self, node: cst.ExceptHandler) -> None:  # noqa: N802
        kind = node.type
        if isinstance(kind, cst.Tuple) and not kind.lpar and len(kind.elements) == 2:
            last = kind.elements[-1].value
            self.found |= isinstance(last, cst.Name) and not last.value[:1].isupper()


# what LibCST does not give back


def _gaps(tree: cst.Module, code: str, text: str) -> tuple[Gap, ...]:
    """Find the white space that differs between a source and what LibCST prints.

    Raises:
        ParseFailure: More differs than white space, or the tree.
    """
    if not tree.deep_equals(_tree(code)):
        raise ParseFailure("LibCST does not give this file back as it is")
    printed = [*(match.start() for match in _INK.finditer(code)), len(code)]
    written = [*(match.start() for match in _INK.finditer(text)), len(text)]
    gaps = []
    start = origin = 0
    if len(printed) != len(written):
        raise ParseFailure("LibCST does not give this file back as it is")
    for end, stop in zip(printed, written):
        if code[end : end + 1] != text[stop : stop + 1]:
            raise ParseFailure("LibCST does not give this file back as it is")
        if code[start:end] != text[origin:stop]:
            gaps.append(_gap(code[start:end], start, text[origin:stop], origin))
        start, origin = end + 1, stop + 1
    return tuple(gaps)


def _gap(printed: str, start: int, written: str, origin: int) -> Gap:
    """Make a gap of what differs between two pieces of white space."""
    same = _same(printed, written)
    rest = _same(printed[same:][::-1], written[same:][::-1])
    end = start + len(printed) - rest
    return Gap(start + same, end, origin + same, written[same : len(written) - rest])


def _same(one: str, other: str) -> int:
    """Return how many characters two texts begin with in common."""
    return next(
        (n for n, (a, b) in enumerate(zip(one, other)) if a != b), min(len(one), len(other))
    )


def _restored(old: str, new: str, gaps: tuple[Gap, ...]) -> str:
    """Put white space back into an edited text, where the lines are as they were up to there.

    Raises:
        NotGivenBack: They were, or LibCST would read the text as something else.
    """
    starts, news = line_starts(old), line_starts(new)
    before, after = _lines(old, starts), _lines(new, news)
    kept: dict[int, int] = {}
    edited: dict[int, range] = {}  # among which lines one may be that was edited
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for tag, start, end, place, stop in matcher.get_opcodes():
        if tag == "equal":
            kept.update(zip(range(start, end), range(place, stop)))
        elif tag == "replace":
            edited.update(dict.fromkeys(range(start, end), range(place, stop)))
    pieces, done = [], 0
    for gap in gaps:
        first = bisect_right(starts, gap.start) - 1
        last = bisect_right(starts, max(gap.start, gap.end - 1)) - 1
        if first == last and first in edited:
            line = before[first]
            best = max(edited[first], key=lambda n: _same(line, after[n]))
            if _same(line, after[best]) > gap.end - starts[first]:
                kept[first] = best
        if any(kept.get(first + n, -1) != kept.get(first, 0) + n for n in range(last - first + 1)):
            raise NotGivenBack(f"an edit touches white space of line {first + 1} that LibCST loses")
        shift = news[kept[first]] - starts[first]
        if gap.start + shift < done:
            raise NotGivenBack("the file's white space cannot be kept")
        pieces += [new[done : gap.start + shift], gap.text]
        done = gap.end + shift
    restored = "".join([*pieces, new[done:]])
    if _tree(restored).code != new:
        raise NotGivenBack("the file's white space cannot be kept")
    return restored


def _lines(text: str, starts: list[int]) -> list[str]:
    return [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)])]


def _line_and_column(text: str, index: int) -> tuple[int, int]:
    starts = line_starts(text)
    line = bisect_right(starts, index)
    return line, index - starts[line - 1] + 1
