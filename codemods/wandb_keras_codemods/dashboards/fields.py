"""Edit one field that names metrics: what it becomes, and what is to be said of it."""

from __future__ import annotations

import re
from typing import Any, Callable, NamedTuple, Optional

from .names import DOUBTFUL, GONE, RENAMED, SEARCHED, Names, Renaming
from .panels import (
    AXES,
    EXPRESSION,
    EXPRESSIONS,
    KEYS,
    LIST,
    ONE,
    PATTERN,
    SCALAR_EXPRESSIONS,
    SCALARS,
    TEMPLATE,
)

BOTH, NEW = "both", "new"
_KNOWN = ("loss", "val_loss", "accuracy", "val_accuracy", "acc", "val_acc", "lr", "epoch")


class Change(NamedTuple):
    """What is to be said of a field.

    Args:
        before: What it reads, as text.
        after: What it reads then; the same where nothing changes.
        how: ``BOTH`` names; ``NEW``, the new one alone; or why nothing changes: ``DOUBTFUL``,
            ``GONE``, ``SEARCHED`` in what is not understood.
        names: The legacy names it is about.
    """

    before: str
    after: str
    how: str
    names: tuple[str, ...]


# Given a value, the names and whether only new ones are to be read: the new value and what is to
# be said; None where the value has not the form that is expected.
Edited = Optional["tuple[Any, list[Change]]"]
Find = Callable[[str], Optional[Renaming]]


def one(value: str, found: Renaming | None) -> tuple[str, list[Change]]:
    """Edit a text that stands for itself, and cannot name two metrics.

    Example:
        >>> one("summary:loss", Names().renaming("summary:loss"))[0]
        'summary:epoch/loss'
    """
    if found is None:
        return value, []
    if found.state == RENAMED:
        return found.new, [Change(value, found.new, NEW, (value,))]
    return value, [Change(value, value, found.state, (value,))]


def _single(find: Callable[[Names], Find]) -> Callable[[Any, Names, bool], Edited]:
    def edit(value: Any, names: Names, only_new: bool) -> Edited:
        if value is None:
            return value, []
        return one(value, find(names)(value)) if isinstance(value, str) else None

    return edit


def _several(
    find: Callable[[Names], Find], alone: bool = False
) -> Callable[[Any, Names, bool], Edited]:
    """Edit a list of names or expressions; with ``alone`` the chart shows one value."""

    def edit(value: Any, names: Names, only_new: bool) -> Edited:
        if value is None:
            return value, []
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            return None
        both = not (only_new or alone)
        found = {item: find(names)(item) for item in value}
        made: list[str] = []
        for item in value:
            renaming = found[item]
            if renaming is None or renaming.state != RENAMED:
                made.append(item)
                continue
            if both:
                made.append(item)
            if renaming.new not in value:
                made.append(renaming.new)
        renamed = tuple(item for item, r in found.items() if r and r.state == RENAMED)
        changes = _stay([renaming for renaming in found.values() if renaming])
        if made != value:
            change = Change(_listed(value), _listed(made), BOTH if both else NEW, renamed)
            changes.insert(0, change)
        return made, changes

    return edit


def _stay(found: list[Renaming]) -> list[Change]:
    """Say which names stay as they are, and why."""
    changes = []
    for state in (SEARCHED, DOUBTFUL, GONE):
        told = tuple(dict.fromkeys(each.old for each in found if each.state == state))
        if told:
            changes.append(Change(_listed(told), _listed(told), state, told))
    return changes


def _keys(value: Any, names: Names, only_new: bool) -> Edited:
    """Edit an object whose keys are names, or stand behind the id of a run."""
    if value is None:
        return value, []
    if not isinstance(value, dict):
        return None
    made: dict[str, Any] = {}
    renamed = []
    for key, item in value.items():
        found = names.behind_a_run(key)
        if found is None or found.state != RENAMED:
            made[key] = item
            continue
        if not only_new:
            made[key] = item
        made.setdefault(found.new, value.get(found.new, item))
        renamed.append(key)
    if list(made) == list(value):
        return value, []
    how = NEW if only_new else BOTH
    return made, [Change(_listed(value), _listed(made), how, tuple(renamed))]


def _axes(value: Any, names: Names, only_new: bool) -> Edited:
    """Edit axes of which each run needs all: one more would hide every run."""
    if not isinstance(value, list):
        return None
    made: list[Any] = []
    changes: list[Change] = []
    for item in value:
        accessor = item.get("accessor") if isinstance(item, dict) else None
        if isinstance(accessor, str):
            new, told = one(accessor, names.renaming(accessor))
            changes += told
            made.append({**item, "accessor": new})
        else:
            made.append(item)
    return made, changes


def _pattern(value: Any, names: Names, only_new: bool) -> Edited:
    """Report a pattern that finds legacy names and not the new ones; no other is guessed."""
    if not isinstance(value, str):
        return (value, []) if value is None else None
    try:
        found = re.compile(value)
    except re.error:
        return value, []
    missed = tuple(n for n in _KNOWN if found.search(n) and not found.search(f"epoch/{n}"))
    return value, [Change(value, value, SEARCHED, missed)] if value and missed else []


def _listed(names: Any) -> str:
    return ", ".join(names) or "(none)"


EDITORS: dict[str, Callable[[Any, Names, bool], Edited]] = {
    LIST: _several(lambda names: names.renaming),
    ONE: _single(lambda names: names.renaming),
    SCALARS: _several(lambda names: names.renaming, alone=True),
    SCALAR_EXPRESSIONS: _several(lambda names: names.in_expression, alone=True),
    EXPRESSIONS: _several(lambda names: names.in_expression),
    EXPRESSION: _single(lambda names: names.in_expression),
    TEMPLATE: _single(lambda names: names.in_template),
    PATTERN: _pattern,
    KEYS: _keys,
    AXES: _axes,
}
