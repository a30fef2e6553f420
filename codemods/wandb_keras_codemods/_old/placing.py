"""Put replacements in their places: the edits of displays, branches, append and insert."""

from __future__ import annotations

import ast

from wandb_keras_codemods._old.places import Group, Place, leaves
from wandb_keras_codemods._old.render import Renderer, Replacement
from wandb_keras_codemods._old.source import Edit, Source

_DISPLAYS = (ast.List, ast.Tuple, ast.Set)


class Placing:
    """Collects replacements and makes their edits.

    Args:
        source: The module.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self._render = Renderer(source)
        self._edits: list[Edit] = []
        self._splices: dict[ast.expr, list[Replacement]] = {}
        self._wraps: dict[ast.expr, Place] = {}
        self._listed: set[ast.expr] = set()  # expressions that are lists from now on

    def one(self, replacement: Replacement) -> None:
        """Replace one callback by one."""
        parent = self._source.parent(replacement.node)
        if isinstance(parent, _DISPLAYS):
            self._splices.setdefault(parent, []).append(replacement)
        else:
            self._edits.append(self._render.single(replacement))

    def several(self, group: Group, replacements: dict[ast.expr, Replacement]) -> list[ast.expr]:
        """Replace a group of callbacks by lists; return the uses that were adapted.

        Args:
            group: The constructions and their places.
            replacements: What stands for each construction.
        """
        adapted = []
        placed = {place.node for place in group.places}
        for call in group.calls:
            if call not in placed:  # a holder takes it
                self._edits.append(self._render.whole(replacements[call]))
        for place in group.places:
            if place.kind == "nothing":
                continue
            node = place.node
            value = replacements.get(node)
            if value is None:
                text = self._source.text_of(node)
                value = Replacement(node, [f"*{text}"])
                if place.kind != "value":
                    adapted.append(node)
            if place.kind == "element" and not place.branches:
                assert isinstance(place.owner, ast.expr)
                self._splices.setdefault(place.owner, []).append(value)
                continue
            self._listed.add(node)
            self._wraps[place.outer] = place
            if node in replacements:
                self._edits.append(self._render.whole(value))
        return adapted

    def edits(self, others: list[Edit]) -> list[Edit]:
        """Return the edits of all replacements.

        Args:
            others: What else is edited in the module.
        """
        for place in self._wraps.values():
            self._wrap(place)
        edits = list(self._edits)
        for display, replacements in self._splices.items():
            assert isinstance(display, _DISPLAYS)
            start, end = self._source.span(display)
            alone = not any(
                start <= other <= end
                for other in (
                    *(edit.start for edit in (*self._edits, *others)),
                    *(self._source.span(o)[0] for o in self._splices if o is not display),
                )
            )
            edits += self._render.elements(display, replacements, alone)
        return edits

    def _wrap(self, place: Place) -> None:
        """Make a place take a list instead of one callback."""
        source = self._source
        start, end = source.span(place.outer)
        if place.kind == "value":
            return
        left, right = source.widen(start, end)
        bare = place.kind == "element" and left == start
        if place.kind == "element":
            self._edits.append(Edit(left, left, "*(" if bare else "*"))
        for leaf in leaves(place.outer):
            if leaf not in self._listed:
                first, last = source.widen(*source.span(leaf))
                self._edits += [Edit(first, first, "["), Edit(last, last, "]")]
        if bare:
            self._edits.append(Edit(right, right, ")"))
        if place.kind == "element":
            return
        call = place.owner
        assert isinstance(call, ast.Call)
        assert isinstance(call.func, ast.Attribute)
        stop = source.span(call.func)[1]
        if place.kind == "append":
            self._edits.append(Edit(stop - len("append"), stop, "extend"))
            return
        index = source.text_of(call.args[0])
        self._edits.append(Edit(source.span(call.func.value)[1], start, f"[{index}:{index}] = "))
        self._edits.append(Edit(end, source.span(call)[1], ""))
