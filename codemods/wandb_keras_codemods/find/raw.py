"""The bytes of a file as a text to search: its words and its imports, never parsed."""

from __future__ import annotations

import re
from pathlib import PurePath

_WORD = re.compile(rb"[^\W\d]\w*")
_CONTINUED = re.compile(rb"\\\r?\n")
IMPORT = re.compile(
    rb"""\bfrom\s+(?P<home>[.\w]+)\s+import\s+(?P<names>\([^)]*\)|[^\r\n;\#"]*)
    | \bimport[ \t]+(?P<modules>[\w., \t]+)""",
    re.VERBOSE,
)
QUOTED = re.compile(rb"""["']([\w./:]+)["']""")
PATH_ENDS = re.compile(r"[./:]")  # a.b, a/b, a:b
RUN = re.compile(rb"%run\s+([\w./\\-]+)")
_ASCII = bytes(range(128)) + b"z" * 128
_PICTURE = re.compile(rb"[A-Za-z0-9+/]{300,}")


def plain(path: str, data: bytes) -> bytes:
    """Return the code of a file as one ASCII text, a notebook's without escapes and pictures."""
    if path.endswith(".ipynb"):
        data = _PICTURE.sub(b"", data)
        data = data.replace(b"\\n", b"\n").replace(b'\\"', b'"')
    return _CONTINUED.sub(b" ", data).translate(_ASCII)


def plain_word(word: str) -> str:
    """Return a word as it stands in a plain text, where any letter beyond ASCII is a z."""
    return word if word.isascii() else decoded(word.encode("utf-8", "replace").translate(_ASCII))


def decoded(data: bytes) -> str:
    """Return bytes as a text, whatever they are."""
    return data.decode("utf-8", "replace")


def words_of(data: bytes) -> list[str]:
    """Return the words of a text."""
    return [decoded(word) for word in _WORD.findall(data)]


def stem_of(path: str) -> str:
    """Return what a file's module is called by the last word: a package by its folder."""
    pure = PurePath(path)
    return plain_word(pure.parent.name if pure.stem == "__init__" else pure.stem)
