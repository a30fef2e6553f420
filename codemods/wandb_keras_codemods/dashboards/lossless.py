"""JSON that goes back as it came, or is refused with the reason."""

from __future__ import annotations

import json
from typing import Any


class Lossy(Exception):
    """A specification cannot be written back without losing something; its text is the reason."""


def parse(text: str) -> dict[str, Any]:
    """Read a specification, if it can be written back as it is.

    Raises:
        Lossy: It is no JSON object, or has what would be lost: a key twice, or a number that is
            none of JSON's or does not fit into a double.
    """
    try:
        tree = json.loads(
            text, object_pairs_hook=_unique, parse_float=_finite, parse_constant=_refuse
        )
    except RecursionError:
        raise Lossy("it is nested too deeply to be read") from None
    except ValueError as error:
        raise Lossy(f"it is no JSON: {error}") from None
    if not isinstance(tree, dict):
        raise Lossy("it is no JSON object")
    return tree


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise Lossy(f"it has the key {twice!r} twice in one object, and one of them would be lost")
    return made


def _finite(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise Lossy(f"the number {text} does not fit into a double")
    return number


def _refuse(text: str) -> float:
    raise Lossy(f"{text} is no number of JSON")


def written(tree: dict[str, Any]) -> str:
    """Return a specification as text, without what ties it to the view it was.

    Example:
        >>> written({"ref": {"viewID": "a", "type": "section", "id": "b"}, "x": "ü"})
        '{"x":"ü"}'
    """
    return json.dumps(without_links(tree), ensure_ascii=False, separators=(",", ":"))


def without_links(node: Any) -> Any:
    """Leave out what ties parts of a specification to the view that the web app has open.

    Such a ``ref`` holds the id of that view; wandb-workspaces leaves them out, too.
    """
    if isinstance(node, list):
        return [without_links(item) for item in node]
    if isinstance(node, dict):
        return {
            key: without_links(value)
            for key, value in node.items()
            if not ((key == "ref" or key.endswith(("Ref", "Refs"))) and _links(value))
        }
    return node


def _links(value: Any) -> bool:
    if isinstance(value, list):
        return bool(value) and all(map(_links, value))
    return isinstance(value, dict) and all(
        isinstance(value.get(key), str) for key in ("viewID", "type", "id")
    )
