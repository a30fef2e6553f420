"""The names that keys of the first run have in the second."""

from __future__ import annotations

import re
from typing import Callable, Mapping, Sequence, Tuple, Union

Rename = Union[Mapping[str, str], Sequence[Tuple[str, str]]]
_STAR = re.compile(r"(?<!\\)((?:\\\\)*)\*")  # one that no backslash precedes
_ESCAPED = re.compile(r"\\([*=\\])")


def parse(rule: str) -> tuple[str, str]:
    r"""Split ``OLD=NEW`` at its first ``=`` that no backslash precedes.

    Raises:
        ValueError: If there is none, or nothing on a side of it.

    Example:
        >>> parse(r"a\=b=c")
        ('a\\=b', 'c')
    """
    match = re.match(r"((?:\\.|[^\\=])+)=(.+)\Z", rule, re.DOTALL)
    if match is None:
        raise ValueError(f"{rule!r}: expected OLD=NEW, with \\\\= for a = in OLD")
    return match.group(1), match.group(2)


def escape(key: str) -> str:
    r"""Return a key as a rule writes it.

    Example:
        >>> print(escape("a*=b"))
        a\*\=b
    """
    return re.sub(r"([*=\\])", r"\\\1", key)


def renamer(rename: Rename) -> Callable[[str], str]:
    r"""Return the function that gives a key of the first run its name in the second.

    Args:
        rename: Old names and new ones; one ``*`` stands for anything. ``\*``, ``\=`` and
            ``\\`` stand for these characters themselves.

    Raises:
        ValueError: If a rule has more than one ``*`` on a side, or one on the right side alone.

    Example:
        >>> renamer({"best_*": "best_epoch/*"})("best_val_loss")
        'best_epoch/val_loss'
    """
    whole: dict[str, tuple[int, str]] = {}
    patterns = []
    pairs = rename.items() if isinstance(rename, Mapping) else rename
    for number, (old, new) in enumerate(pairs):
        stars = len(_STAR.findall(old))
        if stars > 1 or len(_STAR.findall(new)) > stars:
            raise ValueError(f"rename {old!r} to {new!r}: expected at most one * on each side")
        if stars:
            before, after = map(_plain, _parts(old))
            patterns.append((number, before, after, [_plain(part) for part in _parts(new)]))
        else:
            whole.setdefault(_plain(old), (number, _plain(new)))

    def renamed(key: str) -> str:
        first, name = whole.get(key, (len(pairs), key))
        for number, before, after, new in patterns:
            if number > first:
                break
            size = len(key) - len(after)
            if size >= len(before) and key.startswith(before) and key.endswith(after):
                return key[len(before) : size].join(new)
        return name

    return renamed


def has_star(text: str) -> bool:
    """Whether a side of a rule stands for several names."""
    return _STAR.search(text) is not None


def _parts(text: str) -> list[str]:
    """Split a side of a rule at its star."""
    match = _STAR.search(text)
    return [text] if match is None else [text[: match.end() - 1], text[match.end() :]]


def _plain(text: str) -> str:
    return _ESCAPED.sub(r"\1", text)
