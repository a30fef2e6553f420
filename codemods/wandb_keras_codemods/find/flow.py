"""Where the value of a construction goes, and what can stand in its place."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Collection

import libcst as cst

from wandb_keras_codemods.find.carriers import Findings, Slot
from wandb_keras_codemods.find.holders import Holders
from wandb_keras_codemods.find.identity import Identity
from wandb_keras_codemods.find.origins import Origins
from wandb_keras_codemods.find.project import Project
from wandb_keras_codemods.find.refusal import Refusal
from wandb_keras_codemods.find.uses import USES
from wandb_keras_codemods.find.walk import Walk

__all__ = ["Destination", "Flow", "Slot"]


@dataclass(eq=False)
class Destination:
    """Where the value of one construction goes, as far as it is seen.

    Args:
        calls: The constructions that share holders with this one; all are replaced the same way
            or none.
        several: None when every use takes any number of callbacks; else why not.
        one: None when one other callback in its place is not noticed; else why not.
        slots: The places that change when it becomes several.
        fits: The calls that train, evaluate or predict with it.
        elsewhere: Those in other files.
        by_hand: Whether hooks are called on it by hand.
    """

    calls: tuple[cst.Call, ...]
    several: Refusal | None
    one: Refusal | None
    slots: tuple[Slot, ...]
    fits: tuple[cst.Call, ...]
    elsewhere: tuple[cst.Call, ...]
    by_hand: bool


class Flow:
    """Answers where constructions go.

    Args:
        holders: Who binds and reads what.
        calls: The constructions that may be replaced.
        project: What other files read.
    """

    def __init__(self, holders: Holders, calls: Collection[cst.Call], project: Project) -> None:
        self._holders = holders
        self._module = holders.module
        self._calls = tuple(calls)
        self._project = project
        self._found: dict[cst.Call, Findings] = {}
        self._keras_fits: set[cst.Call] = set()
        self._own_fits: set[cst.Call] = set()
        self._joint: dict[
            tuple[cst.Call, ...], tuple[Refusal | None, tuple[Slot, ...]]
        ] = {}  # what is asked of each group again and again
        self._groups: dict[cst.Call, tuple[cst.Call, ...]] = {}

    def destination(self, call: cst.Call) -> Destination:
        """Return where one construction goes."""
        if not self._groups:
            self._group()
        group = self._groups[call]
        own = self._walk(call)
        asked = self._asked
        if asked is not None:
            return Destination((call,), asked, asked, (), tuple(own.fits), (), own.by_hand)
        several, slots = self._together(group)
        return Destination(
            group,
            own.several or several,
            own.one,
            slots,
            tuple(own.fits),
            tuple(own.elsewhere),
            own.by_hand,
        )

    def _together(self, group: tuple[cst.Call, ...]) -> tuple[Refusal | None, tuple[Slot, ...]]:
        """Return what forbids that a group becomes several, else the places that change."""
        if group not in self._joint:
            several = next((f.several for f in map(self._walk, group) if f.several), None)
            members = () if several is not None else group
            slots = {slot.key: slot for member in members for slot in self._walk(member).slots}
            self._joint[group] = several, tuple(slots.values())
        return self._joint[group]

    def is_keras(self, fit: cst.Call) -> bool:
        """Tell whether a call of fit is none of this module's own methods."""
        return fit not in self._own_fits

    @cached_property
    def _asked(self) -> Refusal | None:
        if self._project.patches(self._module.filename):
            return Refusal("WKM406", "another file changes the class itself", "Change it first.")
        for call in self._calls:
            name = call.func.attr if isinstance(call.func, cst.Attribute) else call.func
            word = name.value if isinstance(name, cst.Name) else ""
            if self._project.defines(self._module.filename, word):
                return Refusal("WKM406", f"another file may put something else under {word}")
        if self._project.looks_into(self._module.filename):
            return Refusal("WKM406", "another file reads all names of this one")
        return Identity(self._holders, self._calls).refusal()

    def _walk(self, call: cst.Call) -> Findings:
        if call not in self._found:
            walk = Walk(self._holders, self._project, call, USES)
            self._found[call] = found = walk.run()
            for fit, keras in (*found.fits.items(), *found.elsewhere.items()):
                (self._keras_fits if keras else self._own_fits).add(fit)
            found.slots = [self._shorter(slot) for slot in found.slots]
        return self._found[call]

    def _shorter(self, slot: Slot) -> Slot:
        """Make ``callbacks=[cb]`` a value, so that ``callbacks=cb`` comes out."""
        display = slot.owner
        if slot.kind != "element" or slot.node in self._calls:
            return slot
        if not isinstance(display, cst.List) or len(display.elements) != 1:
            return slot
        arg = self._module.parent(display)
        if display.elements[0].value is not slot.node or not isinstance(arg, cst.Arg):
            return slot
        if arg.keyword is None or arg.keyword.value != "callbacks":
            return slot
        call = self._module.parent(arg)
        if call not in self._keras_fits:
            return slot
        return Slot(slot.node, "value", display)

    def _group(self) -> None:
        """Put constructions together that stand at the same uses."""
        groups = {call: {call} for call in self._calls}
        origins = Origins(self._holders, frozenset(self._calls))
        known: dict[object, Refusal | cst.Call] = {}  # of a place: a construction that it takes
        for call in self._calls:
            found = self._walk(call)
            for slot in () if found.several is not None else found.slots:
                if slot.key not in known:
                    try:
                        _join(groups, call, *origins.of(slot))
                        known[slot.key] = call
                    except Refusal as refusal:
                        known[slot.key] = refusal
                there = known[slot.key]
                if isinstance(there, Refusal):
                    found.several = there
                    break
                _join(groups, call, there)
        order = {call: number for number, call in enumerate(self._calls)}
        ordered = {
            id(group): tuple(sorted(group, key=order.__getitem__)) for group in groups.values()
        }
        self._groups = {call: ordered[id(group)] for call, group in groups.items()}


def _join(groups: dict[cst.Call, set[cst.Call]], call: cst.Call, *others: cst.Call) -> None:
    """Make one group of those of some constructions."""
    for other in others:
        if groups[other] is not groups[call]:
            groups[call] |= groups[other]
            for member in groups[other]:
                groups[member] = groups[call]
