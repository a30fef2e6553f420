"""What is carried through a module: a callback, or containers of it, in an expression."""

from __future__ import annotations

from dataclasses import dataclass, field

import libcst as cst

from wandb_keras_codemods.find.refusal import Refusal
from wandb_keras_codemods.find.strings import string

# Layers: a list, tuple, set or iterator is SEQUENCE; one place of a tuple "at:1"; the value of a
# key of a dictionary "map:key", of any key "map:".
SEQUENCE = "sequence"
Layers = tuple[str, ...]  # containers around the callback, from the outside in


@dataclass(eq=False)
class Slot:
    """One place that changes when constructions of a group become several callbacks.

    Args:
        node: The construction itself, or a use (name, attribute, call) that now holds a list.
            It may stand in a branch of a conditional expression; what changes is then the
            outermost conditional, whose other branches become lists, too.
        kind: ``"element"``, ``"value"``, ``"append"``, ``"insert"``, ``"holder"``, ``"nothing"``.
        owner: The display, ``Arg`` or ``Call`` it stands in.
    """

    node: cst.BaseExpression
    kind: str
    owner: cst.CSTNode | None = None

    @property
    def key(self) -> tuple[object, ...]:
        """What two notes of one place share."""
        return self.node, self.kind, self.owner


@dataclass(frozen=True)
class Carrier:
    """An expression whose value is, or contains, the callback.

    Args:
        node: The expression.
        layers: The containers around the callback.
        listed: Whether a list stands in the callback's place when it becomes several; if not,
            its innermost container grows.
        source: The construction or use that this value is; it lies inside conditionals.
    """

    node: cst.BaseExpression
    layers: Layers
    listed: bool
    source: cst.BaseExpression

    @property
    def grows(self) -> bool:
        """Whether the value is a container that gets longer."""
        return len(self.layers) == 1 and self.layers[0][:3] != "map" and not self.listed


@dataclass(eq=False)
class Findings:
    """What a walk found."""

    several: Refusal | None = None
    one: Refusal | None = None
    slots: list[Slot] = field(default_factory=list)
    fits: dict[cst.Call, bool] = field(default_factory=dict)  # whether they can only be Keras'
    elsewhere: dict[cst.Call, bool] = field(default_factory=dict)  # those in other files
    by_hand: bool = False


def item_layer(node: cst.Subscript) -> str | None:
    """Return the layer that an index opens; ``"slice"`` for a part; None when not known."""
    if len(node.slice) != 1:
        return None
    index = node.slice[0].slice
    if isinstance(index, cst.Slice):
        return "slice"
    assert isinstance(index, cst.Index)
    text = string(index.value)
    if text is not None:
        return f"map:{text}"
    value = index.value
    if isinstance(value, cst.UnaryOperation) and isinstance(value.operator, cst.Minus):
        value = value.expression
    return SEQUENCE if isinstance(value, cst.Integer) else None
