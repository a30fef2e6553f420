"""Plain values: compared within a tolerance, flattened, and shown in a report."""

from __future__ import annotations

import math
from typing import Any, Mapping

_SHOWN = 60  # characters of a value in a report


def equal(a: Any, b: Any, tolerance: float) -> bool:
    """Whether two plain values are equal, numbers within a tolerance, NaN equal to NaN."""
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    if isinstance(a, (int, float)) and isinstance(b, (int, float)):
        if a == b or (math.isnan(a) and math.isnan(b)):
            return True
        return abs(a - b) <= tolerance * max(1.0, abs(a), abs(b)) < math.inf
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        return a.keys() == b.keys() and all(equal(a[key], b[key], tolerance) for key in a)
    if isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)):
        return len(a) == len(b) and all(equal(x, y, tolerance) for x, y in zip(a, b))
    return bool(a == b)


def shown(value: Any) -> str:
    """Return a value as a report shows it."""
    if isinstance(value, float):
        return f"{value:.8g}"
    if isinstance(value, Mapping) and "_type" in value:
        kind = str(value["_type"])
        if kind == "histogram":
            bins = value.get("bins") or [math.nan]
            return (
                f"histogram of {sum(value.get('values') or [])} in [{bins[0]:.4g}, {bins[-1]:.4g}]"
            )
        if kind == "graph-file":
            return f"graph of {len(value.get('nodes', []))} nodes"
        if "nrows" in value:
            return f"table of {value['nrows']} rows, {value.get('ncols')} columns"
        if "count" in value:
            return f"{value['count']} images"
        return kind
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "..."


def contrast(a: Any, b: Any) -> str:
    """Tell how two values differ; media that look alike say in which part."""
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        parts = sorted(k for k in {*a, *b} if not equal(a.get(k), b.get(k), 0.0))
        return f"{shown(a)} | {shown(b)} ({', '.join(map(str, parts))})"
    return f"{shown(a)} | {shown(b)}"


def flatten(values: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """Return nested dictionaries as one with dotted keys; media stay whole.

    Example:
        >>> flatten({"a": {"b": 1}, "c": 2})
        {'a.b': 1, 'c': 2}
    """
    flat: dict[str, Any] = {}
    for key, value in values.items():
        if isinstance(value, dict) and value and "_type" not in value:
            flat.update(flatten(value, f"{prefix}{key}."))
        else:
            flat[f"{prefix}{key}"] = value
    return flat
