"""Count how deeply a source is nested, before a parser that recurses is given it."""

from __future__ import annotations

import re

# LibCST's parser ends the process at 3,000 brackets or 10,000 `elif` on a stack of 8 MB (Windows
# has 1 MB), and is slow long before; CPython takes 200 brackets. Its trees are printed and visited
# recursively, so that chains of some 600 operators fail in any case.
BRACKETS = 200
CHAIN = 500

_TOKEN = re.compile(
    r"""
      (?P<skip> \#[^\r\n]* | \\(?:\r\n|[\r\n]) )
    | (?P<prefix> (?i: [rbuft] | rb | br | rf | fr | rt | tr )? ) (?P<quote> \"{3} | '{3} | ["'] )
    | (?P<word> [^\W\d]\w* )
    | (?P<number> \d[\w.]* )
    | (?P<open> [(\[{] )
    | (?P<close> [)\]}] )
    | (?P<end> [\r\n;] )
    | (?P<comma> , )
    | (?P<colon> : )
    | (?P<operator> [-+*/%@&|^~.<>] )
    """,
    re.VERBOSE,
)
_STRING = {  # what follows the opening quote of a string without fields
    '"': re.compile(r'[^"\\\r\n]*(?:\\(?:\r\n|[\s\S])[^"\\\r\n]*)*"'),
    "'": re.compile(r"[^'\\\r\n]*(?:\\(?:\r\n|[\s\S])[^'\\\r\n]*)*'"),
    '"""': re.compile(r'[^"\\]*(?:(?:\\[\s\S]|"(?!""))[^"\\]*)*"{3}'),
    "'''": re.compile(r"[^'\\]*(?:(?:\\[\s\S]|'(?!''))[^'\\]*)*'{3}"),
}
_FSTRING = {  # in the text of a string with fields: where one opens, or the string ends
    quote: re.compile(rf"\\[^{{}}]|\{{\{{|(?P<field>\{{)|(?P<end>{ending})")
    for quote, ending in (('"', '["\r\n]'), ("'", "['\r\n]"), ('"""', '"{3}'), ("'''", "'{3}"))
}
_OPERATORS = frozenset({"not", "lambda", "if", "else", "and", "or", "await", "for"})


class _Frame:
    """One open bracket, or the replacement field of an f-string."""

    __slots__ = ("chain", "parameters", "quote")

    def __init__(self, quote: str = "") -> None:
        self.quote = quote  # of the f-string whose field this is
        self.chain = 0  # operators since the last comma
        self.parameters = 0  # lambdas whose parameters are open: their commas end nothing


def too_deep(text: str) -> int | None:
    """Return where a source gets too deep for a parser that recurses; None where it does not.

    Strings and comments are passed over. The count is an estimate for what is no Python, and no
    less than the depth of what is.

    Args:
        text: The source.

    Example:
        >>> too_deep("[" * 201 + "]" * 201), too_deep("[[]]" * 201)
        (200, None)
    """
    frames = [_Frame()]
    chain = 0  # the sum over the frames
    elifs: list[tuple[int, int]] = []  # of the blocks around: indentation, length of the chain
    position, fresh = 0, True
    strings: list[str] = []  # the quotes of the f-strings around whose text is being read
    while True:
        if strings:
            position, opened = _in_fstring(text, position, strings[-1])
            quote = strings.pop()
            if opened:
                frames.append(_Frame(quote))
                if len(frames) - 1 > BRACKETS:
                    return position - 1
        match = _TOKEN.search(text, position)
        if match is None:
            return None
        kind, position, frame = match.lastgroup, match.end(), frames[-1]
        if kind == "skip":
            continue
        if kind == "end":
            if len(frames) == 1:
                frame.chain = frame.parameters = chain = 0
                fresh = match[0] != ";"
            continue
        if fresh:
            fresh = False
            indent = match.start() - _line_start(text, match.start())
            while elifs and elifs[-1][0] > indent:
                elifs.pop()
            run = elifs.pop()[1] if elifs and elifs[-1][0] == indent else 0
            run = run + 1 if match[0] == "elif" else 0
            elifs.append((indent, run))
            if run > CHAIN:
                return match.start()
        if kind == "comma":
            if not frame.parameters:
                chain -= frame.chain
                frame.chain = 0
        elif kind == "colon":
            frame.parameters -= bool(frame.parameters)
        elif kind == "close":
            if len(frames) > 1:
                chain -= frames.pop().chain
                if frame.quote and match[0] == "}":
                    strings.append(frame.quote)
        elif kind != "number" and (kind != "word" or match[0] in _OPERATORS):
            frame.chain += 1
            chain += 1
            if chain > CHAIN:
                return match.start()
            if kind == "open":
                frames.append(_Frame())
                if len(frames) - 1 > BRACKETS:
                    return match.start()
            elif kind == "quote":
                if set(match["prefix"].lower()) & {"f", "t"}:
                    strings.append(match["quote"])
                else:
                    string = _STRING[match["quote"]].match(text, position)
                    position = string.end() if string else position
            elif match[0] == "lambda":
                frame.parameters += 1


def _in_fstring(text: str, position: int, quote: str) -> tuple[int, bool]:
    """Read an f-string's text up to a replacement field or its end."""
    pattern = _FSTRING[quote]
    while True:
        match = pattern.search(text, position)
        if match is None:
            return len(text), False
        position = match.end()
        if match.lastgroup:
            return position, match.lastgroup == "field"


def _line_start(text: str, position: int) -> int:
    return max(text.rfind("\n", 0, position), text.rfind("\r", 0, position)) + 1
