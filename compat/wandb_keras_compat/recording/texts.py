"""Read JSON that anybody may have written: neither its depth nor its numbers are trusted."""

from __future__ import annotations

import json
import re
from typing import Any, Sequence

DEPTH = 64  # brackets inside each other; W&B writes less than ten
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_NO_BRACKET = re.compile(r"[^][{}]+")


def load(text: str | bytes) -> Any:
    """Return what a JSON text says.

    Raises:
        ValueError: If it is no JSON, or nobody could work with it.

    Example:
        >>> load('{"a": [1, NaN]}')
        {'a': [1, nan]}
    """
    if isinstance(text, bytes):
        text = text.decode("utf-8")
    if text.count("[") + text.count("{") > DEPTH and _depth(text) > DEPTH:
        raise ValueError(f"more than {DEPTH} brackets inside each other")
    try:
        return json.loads(text)
    except RecursionError:  # the text is not what its brackets say
        raise ValueError("too many brackets inside each other") from None


def load_all(texts: Sequence[bytes]) -> list[Any]:
    """Return what several JSON texts say.

    A text that cannot be read is a ValueError in its place; an empty one is None.
    """
    joined = b",".join(texts)
    # Without a bracket or a comma of their own, as many values as texts are one for each.
    if joined.count(b",") == len(texts) - 1 and b"[" not in joined and b"{" not in joined:
        try:
            values: list[Any] = json.loads(f"[{joined.decode('utf-8')}]")
            if len(values) == len(texts):
                return values
        except ValueError:
            pass
    values = []
    for text in texts:
        try:
            values.append(load(text) if text else None)
        except ValueError as error:
            values.append(error)
    return values


def _depth(text: str) -> int:
    depth = deepest = 0
    for bracket in _NO_BRACKET.sub("", _STRING.sub("", text)):
        depth += 1 if bracket in "[{" else -1
        deepest = max(deepest, depth)
    return deepest
