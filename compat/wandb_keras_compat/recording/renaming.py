"""The names that keys of the first run have in the second."""

from __future__ import annotations

import re
from typing import Container, Iterator, Mapping, Sequence, Tuple, Union

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


class Renamer:
    r"""Gives a key of the first run its name in the second; the first rule that fits wins.

    Args:
        rename: Old names and new ones; one ``*`` stands for anything. ``\*``, ``\=`` and
            ``\\`` stand for these characters themselves.

    Raises:
        ValueError: If a rule has more than one ``*`` on a side, or one on the right side alone.

    Example:
        >>> renamed = Renamer({"best_*": "best_epoch/*"})
        >>> renamed("best_val_loss"), renamed("best_model", {"best_epoch/val_loss"})
        ('best_epoch/val_loss', 'best_model')
    """

    def __init__(self, rename: Rename) -> None:
        self.used: set[tuple[str, str]] = set()  # the rules that gave a key a name
        self._whole: dict[str, tuple[int, str]] = {}
        self._patterns: list[tuple[int, str, str, list[str]]] = []
        self._rules = list(rename.items() if isinstance(rename, Mapping) else rename)
        for number, (old, new) in enumerate(self._rules):
            stars = len(_STAR.findall(old))
            if stars > 1 or len(_STAR.findall(new)) > stars:
                raise ValueError(f"rename {old!r} to {new!r}: expected at most one * on each side")
            if stars:
                before, after = map(_plain, _parts(old))
                name = [_plain(part) for part in _parts(new)]
                self._patterns.append((number, before, after, name))
            else:
                self._whole.setdefault(_plain(old), (number, _plain(new)))

    def __call__(self, key: str, there: Container[str] | None = None) -> str:
        """Return the name of a key.

        Args:
            key: A key of the first run.
            there: The second run's keys, to which alone a ``*`` leads; None: to any.
        """
        number, name = self._whole.get(key, (len(self._rules), key))
        for pattern, before, after, new in self._patterns:
            if pattern > number:
                break
            size = len(key) - len(after)
            if size >= len(before) and key.startswith(before) and key.endswith(after):
                candidate = key[len(before) : size].join(new)
                if there is None or candidate in there:
                    number, name = pattern, candidate
                    break
        if number < len(self._rules):
            self.used.add(self._rules[number])
        return name

    def idle(self) -> Iterator[str]:
        """Say which rules have renamed nothing so far."""
        for number, (old, new) in enumerate(self._rules):
            if (old, new) not in self.used:
                why = f"A has no {old}"
                if _STAR.search(old):
                    why = f"no name of A that fits {old} is {new} in B"
                elif Renamer(self._rules[:number])(_plain(old)) != _plain(old):
                    why = "an earlier --map has renamed it"
                yield f"--map {old}={new} renames nothing: {why}"


renamer = Renamer


def _parts(text: str) -> list[str]:
    """Split a side of a rule at its star."""
    match = _STAR.search(text)
    return [text] if match is None else [text[: match.end() - 1], text[match.end() :]]


def _plain(text: str) -> str:
    return _ESCAPED.sub(r"\1", text)
