"""Find a notebook's cells in its JSON text and replace sources, touching nothing else."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from json.decoder import JSONDecoder, scanstring  # type: ignore[attr-defined]
from typing import Iterator, Mapping

_SPACE = re.compile(r"[ \t\r\n]*")
_DECODER = JSONDecoder()
_ESCAPED = re.compile(r"\\u(?!00[01])[0-9a-fA-F]{4}")


class BadNotebook(Exception):
    """The text is no notebook of a known format."""


@dataclass(frozen=True)
class Cell:
    """One cell.

    Args:
        number: Its place among all cells, from 1.
        kind: ``"code"``, ``"markdown"`` or ``"raw"``.
        source: Its text.
        start: Where the JSON value of its source starts in the notebook's text.
        end: Where that value ends.
        whole: Where the cell starts and ends.
        pieces: The spans of the strings in that value; None when it is one string.
    """

    number: int
    kind: str
    source: str
    start: int
    end: int
    pieces: tuple[tuple[int, int], ...] | None
    whole: tuple[int, int]

    def place(self, line: int) -> int:
        """Return the index in the notebook's text where a line of the cell, from 1, stands."""
        if self.pieces is None or not 0 < line <= len(self.pieces):
            return self.start
        return self.pieces[line - 1][0]


@dataclass(frozen=True)
class Notebook:
    """A notebook's text and its cells."""

    text: str
    cells: tuple[Cell, ...]
    language: str

    def replaced(self, sources: Mapping[int, str | None]) -> str:
        """Return the text with other sources, by cell number; None takes a cell away."""
        if not self.cells:
            return self.text
        escape = self._escapes()
        pieces = [self.text[: self.cells[0].whole[0]]]
        done = None  # where the cell before ends
        first = True
        for cell in self.cells:
            start, end = cell.whole
            source = sources.get(cell.number, cell.source)
            if source is not None:
                pieces.append("" if first or done is None else self.text[done:start])
                first = False
                if source == cell.source:
                    pieces.append(self.text[start:end])
                else:
                    value = self._value(cell, source, escape)
                    pieces += [self.text[start : cell.start], value, self.text[cell.end : end]]
            done = end
        return "".join([*pieces, self.text[done:]])

    def _escapes(self) -> bool:
        """Tell whether the notebook escapes what is not ASCII."""
        return self.text.isascii() and _ESCAPED.search(self.text) is not None

    def _value(self, cell: Cell, source: str, escape: bool) -> str:
        if cell.pieces is None:
            return _quote(source, escape)
        text = self.text
        old = [json.loads(text[start:end]) for start, end in cell.pieces]
        new = _lines(source)
        if not cell.pieces:
            return "[" + ", ".join(_quote(line, escape) for line in new) + "]"
        first, last = cell.pieces[0], cell.pieces[-1]
        opening, closing = text[cell.start : first[0]], text[last[1] : cell.end]
        comma = "," + (opening[1:] or " ")
        if len(cell.pieces) > 1:
            comma = text[first[1] : cell.pieces[1][0]]
        written: list[str] = []
        matcher = SequenceMatcher(None, old, new, autojunk=False)
        for tag, i, j, k, m in matcher.get_opcodes():
            if tag == "equal":
                written += [text[start:end] for start, end in cell.pieces[i:j]]
            else:
                written += [_quote(line, escape) for line in new[k:m]]
        return opening + comma.join(written) + closing


def _lines(source: str) -> list[str]:
    return re.findall(r"[^\n]*\n|[^\n]+", source)


def _quote(text: str, escape: bool) -> str:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:  # half of a surrogate pair
        escape = True
    return json.dumps(text, ensure_ascii=escape)


def read(text: str) -> Notebook:
    """Find the cells.

    Args:
        text: The notebook's JSON; a byte order mark may stand first.

    Raises:
        BadNotebook: It is no JSON, or no notebook of format 4.
    """
    try:
        return _read(text)
    except (ValueError, IndexError, TypeError) as error:
        raise BadNotebook(f"not a notebook: {error}") from None
    except RecursionError:
        raise BadNotebook("not a notebook: nested too deeply") from None


def _read(text: str) -> Notebook:
    reader = _Reader(text)
    top: dict[str, object] = {}
    cells: tuple[Cell, ...] = ()
    for key in reader.members():
        if key == "cells" and reader.peek() == "[":
            cells = tuple(reader.cell(number) for number in reader.elements())
        else:
            top[key] = reader.value()
    if reader.peek():
        raise ValueError("there is more text behind its end")
    version = top.get("nbformat")
    if version != 4:
        raise BadNotebook(
            f"notebook format {version!r} is not read; convert it to format 4 first, "
            "for example with: jupyter nbconvert --to notebook --inplace"
        )
    return Notebook(text, cells, _language(top.get("metadata")))


class _Reader:
    """Reads JSON and knows where it is; whole values go through the C decoder."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 1 if text.startswith("\ufeff") else 0

    def peek(self) -> str:
        """Return the next character that is no space; empty at the end."""
        match = _SPACE.match(self.text, self.at)
        assert match is not None
        self.at = match.end()
        return self.text[self.at : self.at + 1]

    def take(self, expected: str) -> str:
        """Step over the next character, one of those expected."""
        found = self.peek()
        if not found or found not in expected:
            raise ValueError(f"{found or 'the end'} instead of {' or '.join(expected)}")
        self.at += 1
        return found

    def value(self) -> object:
        """Read a whole value."""
        self.peek()
        found, self.at = _DECODER.raw_decode(self.text, self.at)
        return found

    def string(self) -> tuple[str, int]:
        """Read a string; return it and where it starts."""
        self.take('"')
        start = self.at - 1
        found, self.at = scanstring(self.text, self.at)
        return found, start

    def members(self) -> Iterator[str]:
        """Yield the keys of an object; whoever asks reads the value."""
        self.take("{")
        if self.peek() == "}":
            self.at += 1
            return
        while True:
            key, _ = self.string()
            self.take(":")
            yield key
            if self.take(",}") == "}":
                return

    def elements(self) -> Iterator[int]:
        """Yield the numbers of an array's elements, from 1; whoever asks reads the element."""
        self.take("[")
        if self.peek() == "]":
            self.at += 1
            return
        number = 0
        while True:
            number += 1
            yield number
            if self.take(",]") == "]":
                return

    def cell(self, number: int) -> Cell:
        """Read a cell."""
        self.peek()
        first = self.at
        kind, source, start, end = "", "", first, first
        pieces: list[tuple[int, int]] | None = None
        for key in self.members():
            if key != "source":
                value = self.value()
                kind = str(value) if key == "cell_type" else kind
                continue
            opening = self.peek()
            start = self.at
            if opening == "[":
                strings: list[str] = []
                pieces = []
                for _ in self.elements():
                    string, begin = self.string()
                    strings.append(string)
                    pieces.append((begin, self.at))
                source = "".join(strings)
            else:
                pieces = None
                source, _ = self.string()
            end = self.at
        found = None if pieces is None else tuple(pieces)
        return Cell(number, kind, source, start, end, found, (first, self.at))


def _language(metadata: object) -> str:
    found: dict[str, object] = metadata if isinstance(metadata, dict) else {}
    for section, key in (("language_info", "name"), ("kernelspec", "language")):
        value = found.get(section)
        if isinstance(value, dict) and isinstance(value.get(key), str):
            return str(value[key]).lower()
    return "python"
