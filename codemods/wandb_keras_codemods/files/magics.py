"""Hide IPython's own syntax from the Python parser, line for line, and bring it back."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from wandb_keras_codemods._old.source import parse
from wandb_keras_codemods.findings import ParseFailure

PYTHON_CELLS = frozenset({"time", "timeit", "capture", "wandb", "prun", "memit", "mprun", "px"})
_PYTHON_LINES = r"(?:time|timeit|prun|memit|mprun|lprun)\b"

_MAGIC = re.compile(
    r"""(?P<indent>[ \t]*)
    (?:
        (?P<line> [%!?] .* | [^\#\n'"=]*[\w)\]*] \?\??[ \t\r]* )
      | (?P<target> [A-Za-z_][\w., \t\[\]'"]*? [ \t]* = [ \t]* ) (?P<value> [!%] .* )
    )(?=\n|\Z)""",
    re.VERBOSE,
)
_TOKEN = re.compile(
    r"""
      [^\#"'()\[\]{}\\\n]+
    | (?P<comment>\#[^\n]*)
    | \"\"\"(?:\\.|[^\\])*?\"\"\" | '''(?:\\.|[^\\])*?'''
    | "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*'
    | (?P<open>[(\[{]) | (?P<close>[)\]}])
    | \\\r?\n
    | (?P<end>\n)
    | .""",
    re.VERBOSE | re.DOTALL,
)
_MASK = re.compile(r'"""wkm-(\d+)\n*"""')
_WORD = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")


class Foreign(Exception):
    """The cell is not Python: it belongs to a cell magic of another language."""


@dataclass
class Masks:
    """The texts that are hidden, by number; one object serves all cells of a notebook."""

    texts: list[str] = field(default_factory=list)

    def hide(self, text: str) -> str:
        """Return a string literal of as many lines that stands for a text."""
        self.texts.append(text)
        return f'"""wkm-{len(self.texts) - 1}' + "\n" * text.count("\n") + '"""'

    def show(self, code: str) -> str:
        """Put the hidden texts back."""
        return _MASK.sub(lambda match: self.texts[int(match[1])], code)

    def shown_once(self, code: str) -> bool:
        """Tell whether each hidden text still stands in a code, in order."""
        numbers = [int(number) for number in _MASK.findall(code)]
        return numbers == list(range(len(self.texts)))


def mask(cell: str, masks: Masks) -> str:
    """Return a cell as pure Python of as many lines.

    Args:
        cell: The source of a code cell.
        masks: Takes the hidden texts.

    Raises:
        Foreign: A cell magic hands the cell to another language.
        ParseFailure: The cell is no Python even so.

    Example:
        >>> masks = Masks()
        >>> masks.show(mask("%matplotlib inline", masks))
        '%matplotlib inline'
    """
    if "\0" in cell or "wkm-" in cell:
        raise ParseFailure("the cell holds a text that is reserved for the migration")
    try:
        parse(cell)
    except ParseFailure:
        pass
    else:
        return cell
    kept = len(masks.texts)
    try:
        masked = _mask(cell, masks)
        parse(masked)
    except (ParseFailure, Foreign):
        del masks.texts[kept:]
        raise
    return masked


def _mask(cell: str, masks: Masks) -> str:
    pieces: list[str] = []
    position, depth, fresh = 0, 0, True
    while True:  # cell magics come first and may be stacked
        head = re.compile(r"\s*%%[ \t]*(\w*)[^\n]*").match(cell, position)
        if head is None:
            break
        if head[1] not in PYTHON_CELLS:
            raise Foreign(head[1])
        pieces.append(masks.hide(head[0]))
        position = head.end()
        if position < len(cell):
            pieces.append("\n")
            position += 1
    while position < len(cell):
        magic = _MAGIC.match(cell, position) if fresh else None
        if magic is not None:
            end = _continued(cell, magic.end())
            start = magic.start("value" if magic["value"] is not None else "line")
            hidden = cell[start:end]
            pieces += [cell[position:start], masks.hide(hidden), _names_of(hidden)]
            position, fresh = end, False
            continue
        token = _TOKEN.match(cell, position)
        assert token is not None
        if token["open"]:
            depth += 1
        elif token["close"]:
            depth = max(0, depth - 1)
        fresh = token["end"] is not None and depth == 0
        pieces.append(token[0])
        position = token.end()
    return "".join(pieces)


def _continued(cell: str, end: int) -> int:
    while cell[end - 1 : end] == "\\" and end < len(cell):
        following = cell.find("\n", end + 1)
        end = len(cell) if following < 0 else following
    return end


def _names_of(hidden: str) -> str:
    """Let the names that a timed statement uses be seen as used, in a way nobody rewrites."""
    if re.match(r"%" + _PYTHON_LINES, hidden) is None:
        return ""
    return f"; {uses(hidden.split(None, 1)[1])}" if len(hidden.split(None, 1)) == 2 else ""


_USES = re.compile(r"(?:; )?wkm_uses\([^()]*\)")


def uses(text: str) -> str:
    """Return a statement that uses every name a text may use."""
    from keyword import iskeyword

    names = {name for name in _WORD.findall(text) if not any(map(iskeyword, name.split(".")))}
    return f"wkm_uses({', '.join(sorted(names))})"


def without_uses(code: str) -> str:
    """Take the statements of ``uses`` out again."""
    return _USES.sub("", code)
