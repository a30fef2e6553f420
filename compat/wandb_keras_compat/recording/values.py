"""Plain values: compared within a tolerance, flattened, and shown in a report."""

from __future__ import annotations

import math
from collections import Counter
from fractions import Fraction
from typing import Any, Iterable, Mapping, Tuple

from wandb_keras_compat._printed import safe

from .media import CONTENT, DIGEST, GRAPH, IMAGES, PIXELS, UNREAD

Path = Tuple[str, ...]  # of keys, from a dictionary to a value inside it

_SHOWN = 60  # characters of a value in a report


def equal(a: Any, b: Any, tolerance: float) -> bool:
    """Whether two plain values are equal, numbers within a tolerance, NaN equal to NaN."""
    return verdict(a, b, tolerance) is True


def verdict(a: Any, b: Any, tolerance: float) -> bool | None:
    """Return whether two plain values are equal; None if the content of media was not read."""
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    if isinstance(a, (int, float)) and isinstance(b, (int, float)):
        return _same_number(a, b, tolerance)
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        if isinstance(a.get("_type"), str) and a["_type"] == b.get("_type"):
            return _same_media(a, b, tolerance)
        if a.keys() != b.keys():
            return False
        return _all(verdict(a[key], b[key], tolerance) for key in a)
    if isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)):
        return len(a) == len(b) and _all(verdict(x, y, tolerance) for x, y in zip(a, b))
    return bool(a == b)


def _all(verdicts: Iterable[bool | None]) -> bool | None:
    """Return False if one is, else None if one is, else True."""
    known: bool | None = True
    for one in verdicts:
        if one is False:
            return False
        known = known and one
    return known


def _same_number(a: float, b: float, tolerance: float) -> bool:
    if a == b:
        return True
    try:
        if math.isnan(a) and math.isnan(b):
            return True
        return abs(a - b) <= tolerance * max(1.0, abs(a), abs(b)) < math.inf
    except OverflowError:  # an integer that no float can hold
        if not (_finite(a) and _finite(b) and math.isfinite(tolerance)):
            return False
        x, y = Fraction(a), Fraction(b)
        return abs(x - y) <= Fraction(tolerance) * max(Fraction(1), abs(x), abs(y))


def _finite(number: float) -> bool:
    return isinstance(number, int) or math.isfinite(number)


def _same_media(a: Mapping[str, Any], b: Mapping[str, Any], tolerance: float) -> bool | None:
    """Compare media by their content, by what the log knows of it where that is gone."""
    unread = a.get(UNREAD) or b.get(UNREAD)
    content = CONTENT.get(a["_type"], frozenset()) & {*a, *b}
    aside = {*content, UNREAD, DIGEST} if unread else {DIGEST} if content else set()
    left, right = (
        {key: value for key, value in medium.items() if key not in aside} for medium in (a, b)
    )
    if left.keys() != right.keys():
        return False
    known = _all(verdict(left[key], right[key], tolerance) for key in left)
    if known is False or not unread:
        return known
    if a["_type"] == IMAGES and all(isinstance(m.get(PIXELS), list) for m in (a, b)):
        pictures = [list(zip(m[PIXELS], m[DIGEST])) for m in (a, b)]
        if len(pictures[0]) != len(pictures[1]):
            return False
        return _all([known, *map(_same_picture, *pictures)])
    x, y = a.get(DIGEST), b.get(DIGEST)
    if a["_type"] == GRAPH and x != y:  # each time its nodes get other names
        return None
    same = _same_digest(x, y)
    return known if same else same


def _same_picture(a: tuple[str | None, Any], b: tuple[str | None, Any]) -> bool | None:
    """Compare pictures by their pixels, by their digests where those of one are gone."""
    return a[0] == b[0] if a[0] and b[0] else _same_digest(a[1], b[1])


def _same_digest(x: Any, y: Any) -> bool | None:
    """Compare digests, or lists of them; None if one is not known."""
    if isinstance(x, list) and isinstance(y, list) and len(x) == len(y):
        return _all(map(_same_digest, x, y))
    return x == y if x and y else None


def shown(value: Any) -> str:
    """Return a value as a report shows it."""
    if isinstance(value, float):
        return f"{value:.8g}"
    if isinstance(value, Mapping) and "_type" in value:
        kind = str(value["_type"])
        if value.get(UNREAD):
            return f"{safe(kind)} (not read)"
        if kind == "histogram":
            bins = value.get("bins") or [math.nan]
            try:
                count = sum(value.get("values") or [])
                return f"histogram of {count} in [{bins[0]:.4g}, {bins[-1]:.4g}]"
            except OverflowError:  # integers that no float can hold
                return kind
        if kind == GRAPH:
            return f"graph of {len(value.get('nodes', []))} nodes"
        if "nrows" in value:
            return f"table of {value['nrows']} rows, {value.get('ncols')} columns"
        if "count" in value:
            return f"{value['count']} images"
        return safe(kind)
    text = safe(value if isinstance(value, str) else repr(value))
    return text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "..."


def contrast(a: Any, b: Any) -> str:
    """Tell how two values differ; media that look alike say in which part."""
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        parts = sorted(k for k in {*a, *b} if not equal(a.get(k), b.get(k), 0.0))
        return f"{shown(a)} | {shown(b)} ({', '.join(map(str, parts))})"
    return f"{shown(a)} | {shown(b)}"


def flatten(values: Mapping[str, Any]) -> dict[Path, Any]:
    """Return nested dictionaries as one, by the path of keys to each value; media stay whole.

    Example:
        >>> flatten({"a": {"b": 1}, "a.b": 2})
        {('a', 'b'): 1, ('a.b',): 2}
    """
    flat: dict[Path, Any] = {}
    for key, value in values.items():
        if isinstance(value, Mapping) and value and "_type" not in value:
            flat.update({(key, *path): inner for path, inner in flatten(value).items()})
        else:
            flat[key,] = value
    return flat


def names(paths: Iterable[Path]) -> dict[Path, str]:
    r"""Return a name for each path: its keys with dots between.

    Where two had the same name, dots of the keys themselves are written ``\.``.

    Example:
        >>> names([("a", "b"), ("a.b",), ("c.d",)])
        {('a', 'b'): 'a.b', ('a.b',): 'a\\.b', ('c.d',): 'c.d'}
    """
    plain = {path: path[0] if len(path) == 1 else ".".join(path) for path in paths}
    if len(set(plain.values())) == len(plain):
        return plain
    count = Counter(plain.values())
    found: dict[Path, str] = {}
    taken = {name for name, times in count.items() if times == 1}
    for path, name in plain.items():
        if count[name] > 1:
            name = ".".join(key.replace(".", "\\.") for key in path)
            while name in taken:  # keys with backslashes of their own
                name += "'"
            taken.add(name)
        found[path] = name
    return found
