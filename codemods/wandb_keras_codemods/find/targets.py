"""What a value is bound to: names, attributes, the targets of an unpacking, items."""

from __future__ import annotations

from dataclasses import replace

import libcst as cst

from wandb_keras_codemods.find.carriers import SEQUENCE, Carrier, Layers, item_layer
from wandb_keras_codemods.find.way import Way


def into(walk: Way, target: cst.BaseExpression, carrier: Carrier, layers: Layers) -> None:
    """Go on with what a value is bound to."""
    if isinstance(target, cst.Name):
        walk.into_name(target, carrier, layers)
    elif isinstance(target, cst.Attribute):
        walk.into_attribute(target, carrier, layers)
    elif isinstance(target, (cst.Tuple, cst.List)):
        _unpack(walk, target, carrier, layers)
    elif isinstance(target, cst.Subscript):
        _store_item(walk, target, carrier, layers)
    else:
        walk.refuse(carrier, "it is bound in a way that is not followed")


def _unpack(walk: Way, target: cst.Tuple | cst.List, carrier: Carrier, layers: Layers) -> None:
    carrier = replace(carrier, layers=layers)
    if layers and layers[0].startswith("at:"):
        if carrier.grows:
            walk.not_several(carrier, "it is unpacked, so the number of elements matters")
            carrier = replace(carrier, listed=False)
        place = int(layers[0][len("at:") :])
        before = target.elements[: place + 1]
        if not any(isinstance(element, cst.StarredElement) for element in before):
            if len(before) > place:
                into(walk, before[place].value, carrier, layers[1:])
            return
        layers = (SEQUENCE, *layers[1:])
    if not layers or layers[0] != SEQUENCE:
        walk.refuse(carrier, "it is unpacked")
        return
    listed = carrier.listed
    if len(layers) == 1:
        walk.not_several(carrier, "it is unpacked, so the number of elements matters")
        listed = False
    inner = Carrier(carrier.node, layers[1:], listed, carrier.source)
    for element in target.elements:
        if isinstance(element, cst.StarredElement):
            into(walk, element.value, inner, layers)
        else:
            into(walk, element.value, inner, layers[1:])


def _store_item(walk: Way, target: cst.Subscript, carrier: Carrier, layers: Layers) -> None:
    key = item_layer(target)
    if key is None:
        walk.refuse(carrier, "it is stored under an index that is not known")
        return
    if key == "slice":
        if not layers or layers[0] != SEQUENCE:
            walk.refuse(carrier, "it is assigned to a slice")
            return
        walk.not_several(carrier, "it is assigned to a slice")
        walk.contain(target.value, carrier, layers)
        return
    if not layers and key == SEQUENCE:
        walk.not_several(carrier, "it is assigned to one item")
    walk.hold(carrier, target)
    walk.contain(target.value, carrier, (key, *layers))
