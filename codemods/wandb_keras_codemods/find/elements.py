"""What takes the elements of a container: subscripts, loops, comprehensions."""

from __future__ import annotations

import libcst as cst

from wandb_keras_codemods.find.carriers import SEQUENCE, Carrier, item_layer
from wandb_keras_codemods.find.narrowing import asks_for_another
from wandb_keras_codemods.find.targets import into
from wandb_keras_codemods.find.walk import Walk


def item(walk: Walk, carrier: Carrier, parent: cst.CSTNode) -> None:
    """A subscript of a container; the callback itself as an index is refused elsewhere."""
    assert isinstance(parent, cst.Subscript)
    layers = carrier.layers
    if not layers:
        walk.refuse(carrier, "it is indexed")
        return
    key = item_layer(parent)
    bound = walk.module.parent(parent)
    outer = layers[0]
    if outer == SEQUENCE:
        if carrier.grows:
            walk.not_several(carrier, "it is indexed, so the position matters")
        inner = layers if key == "slice" else layers[1:]
    elif outer.startswith("at:"):
        if carrier.grows:
            walk.not_several(carrier, "it is indexed, so the position matters")
        place = _place(parent)
        if place is not None and place != outer:
            return  # another place
        inner = (SEQUENCE, *layers[1:]) if key == "slice" else layers[1:]
    elif key is not None and key != outer and outer != "map:":
        return  # another item
    else:
        if not layers[1:]:
            walk.not_several(carrier, "it is an item of a dictionary")
        inner = layers[1:]
    if isinstance(bound, cst.AssignTarget) and len(layers) > 1:
        statement = walk.module.parent(bound)
        assert isinstance(statement, cst.Assign)
        walk.stores.append((carrier, statement.value, inner))
    if isinstance(bound, (cst.AssignTarget, cst.Del)):
        return  # replaced or deleted
    if isinstance(bound, cst.AugAssign) and bound.target is parent:
        if len(inner) > 1:
            walk.stores.append((carrier, None, inner))
        if not inner:
            walk.refuse(carrier, "it is changed in place")
        return
    walk.follow(
        parent, inner, (carrier.listed and outer != SEQUENCE) or (bool(inner) and carrier.listed)
    )


def _place(node: cst.Subscript) -> str | None:
    """Return the layer of a tuple's place that is spelled out."""
    part = node.slice[0].slice
    if isinstance(part, cst.Index) and isinstance(part.value, cst.Integer):
        return f"at:{part.value.evaluated_value}"
    return None


def loop_over(walk: Walk, carrier: Carrier, parent: cst.CSTNode) -> None:
    """Go on with the target of a loop."""
    assert isinstance(parent, cst.For)
    if parent.iter is not carrier.node or parent.asynchronous is not None:
        walk.refuse(carrier, "a loop uses it")
        return
    _loop(walk, carrier, parent.target)


def _loop(walk: Walk, carrier: Carrier, target: cst.BaseExpression) -> None:
    if not carrier.layers:
        walk.refuse(carrier, "a loop runs over it")
        return
    if carrier.layers[0].startswith("map:"):
        return  # the keys
    if carrier.grows:
        walk.not_several(carrier, "a loop runs over it once for each callback")
    inner = Carrier(
        carrier.node, carrier.layers[1:], carrier.listed and not carrier.grows, carrier.source
    )
    into(walk, target, inner, inner.layers)


def comp_for(walk: Walk, carrier: Carrier, parent: cst.CSTNode) -> None:
    """Go on with the target of a comprehension, or with all of one that only filters."""
    assert isinstance(parent, cst.CompFor)
    if parent.iter is not carrier.node or parent.asynchronous is not None:
        walk.refuse(carrier, "a comprehension uses it")
        return
    comp = walk.module.parent(parent)
    if carrier.grows and isinstance(comp, (cst.ListComp, cst.GeneratorExp)):
        if _filters(walk, comp):
            walk.follow(comp, carrier.layers, carrier.listed)
            return
        target, tests = parent.target, [condition.test for condition in parent.ifs]
        plain = isinstance(target, cst.Name) and parent.inner_for_in is None
        if plain and tests and asks_for_another(walk.holders, tests[0], walk.module.text(target)):
            return  # it is left out
    _loop(walk, carrier, parent.target)


def _filters(walk: Walk, comp: cst.ListComp | cst.GeneratorExp) -> bool:
    """Whether a comprehension leaves out only what is none or false or another callback."""
    loop = comp.for_in
    if not isinstance(loop.target, cst.Name) or not isinstance(comp.elt, cst.Name):
        return False
    name = loop.target.value
    if comp.elt.value != name or loop.inner_for_in is not None:
        return False
    return all(
        _asks_for_none(condition.test, name)
        or (
            isinstance(condition.test, cst.UnaryOperation)
            and isinstance(condition.test.operator, cst.Not)
            and asks_for_another(walk.holders, condition.test.expression, name)
        )
        for condition in loop.ifs
    )


def _asks_for_none(test: cst.BaseExpression, name: str) -> bool:
    if isinstance(test, cst.Name):
        return test.value == name
    if not isinstance(test, cst.Comparison) or len(test.comparisons) != 1:
        return False
    target = test.comparisons[0]
    return (
        isinstance(test.left, cst.Name)
        and test.left.value == name
        and isinstance(target.operator, (cst.IsNot, cst.NotEqual))
        and isinstance(target.comparator, cst.Name)
        and target.comparator.value == "None"
    )


def comp(walk: Walk, carrier: Carrier, parent: cst.CSTNode) -> None:
    """The element of a comprehension."""
    assert isinstance(parent, (cst.ListComp, cst.SetComp, cst.GeneratorExp))
    if not carrier.layers:
        walk.not_several(carrier, "a comprehension makes one for each item")
    elif carrier.grows and isinstance(parent, cst.SetComp):
        walk.refuse(carrier, "it is hashed")
    walk.follow(parent, (SEQUENCE, *carrier.layers), carrier.listed and bool(carrier.layers))


def dict_comp(walk: Walk, carrier: Carrier, parent: cst.CSTNode) -> None:
    """Go on with a dictionary of which the callback is a value."""
    assert isinstance(parent, cst.DictComp)
    if parent.key is carrier.node:
        walk.refuse(carrier, "it is a key of a dictionary")
        return
    if not carrier.layers:
        walk.not_several(carrier, "a comprehension makes one for each item")
    walk.follow(parent, ("map:", *carrier.layers), carrier.listed)
