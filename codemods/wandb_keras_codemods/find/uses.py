"""What an expression's parent does with a callback or a container of it: a table by shape."""

from __future__ import annotations

import libcst as cst

from wandb_keras_codemods.find import elements
from wandb_keras_codemods.find.calls import argument, method
from wandb_keras_codemods.find.carriers import SEQUENCE, Carrier
from wandb_keras_codemods.find.lists import may_be_own
from wandb_keras_codemods.find.strings import string
from wandb_keras_codemods.find.targets import into
from wandb_keras_codemods.find.walk import Use, Walk

_BLOCKS = (cst.FunctionDef, cst.ClassDef, cst.Module)
_HOOKS = ("on_", "set_model", "set_params")  # what any callback offers


def _element(walk: Walk, carrier: Carrier, parent: cst.CSTNode) -> None:
    display = walk.module.parent(parent)
    assert isinstance(display, (cst.List, cst.Tuple, cst.Set))
    if not carrier.layers and carrier.listed:
        walk.slot("element", carrier, display)
        if isinstance(display, cst.Set):
            walk.not_several(carrier, "a set has no order")
    layer = SEQUENCE
    if isinstance(display, cst.Tuple):
        place = next(i for i, element in enumerate(display.elements) if element is parent)
        if not any(isinstance(e, cst.StarredElement) for e in display.elements[:place]):
            layer = f"at:{place}"
    walk.follow(display, (layer, *carrier.layers), bool(carrier.layers) and carrier.listed)


def _starred(walk: Walk, carrier: Carrier, parent: cst.CSTNode) -> None:
    display = walk.module.parent(parent)
    if not carrier.layers or carrier.layers[0] != SEQUENCE:
        walk.refuse(carrier, "it is splatted")
        return
    if isinstance(display, cst.Set):
        walk.not_several(carrier, "a set has no order")
    assert isinstance(display, cst.BaseExpression)
    walk.follow(display, carrier.layers, carrier.listed)


def _dict_element(walk: Walk, carrier: Carrier, parent: cst.CSTNode) -> None:
    assert isinstance(parent, cst.DictElement)
    display = walk.module.parent(parent)
    assert isinstance(display, cst.Dict)
    if parent.value is not carrier.node:
        walk.refuse(carrier, "it is a key of a dictionary")
        return
    key = parent.key
    word = string(key) or ""
    walk.hold(carrier, parent)
    walk.follow(display, (f"map:{word}", *carrier.layers), carrier.listed)


def _starred_dict(walk: Walk, carrier: Carrier, parent: cst.CSTNode) -> None:
    display = walk.module.parent(parent)
    if not carrier.layers or not carrier.layers[0].startswith("map:"):
        walk.refuse(carrier, "it is splatted")
        return
    assert isinstance(display, cst.Dict)
    walk.follow(display, carrier.layers, carrier.listed)


def _conditional(walk: Walk, carrier: Carrier, parent: cst.CSTNode) -> None:
    assert isinstance(parent, cst.IfExp)
    if parent.test is carrier.node:
        _tested(walk, carrier)
    else:
        walk.follow(parent, carrier.layers, carrier.listed, carrier.source)


def _tested(walk: Walk, carrier: Carrier) -> None:
    if not carrier.layers:
        walk.slot("nothing", carrier, None)


def _boolean(walk: Walk, carrier: Carrier, parent: cst.CSTNode) -> None:
    assert isinstance(parent, cst.BooleanOperation)
    if parent.left is carrier.node and isinstance(parent.operator, cst.And) and not carrier.layers:
        _tested(walk, carrier)  # a callback is true, so the result is the other one
        return
    if not carrier.layers and not _only_tested(walk, parent):
        walk.not_several(carrier, "it is one side of and, or")
    walk.follow(parent, carrier.layers, carrier.listed, carrier.source)


def _only_tested(walk: Walk, node: cst.CSTNode) -> bool:
    parent = walk.module.parent(node)
    if isinstance(parent, cst.BooleanOperation):
        return _only_tested(walk, parent)
    if isinstance(parent, (cst.If, cst.While, cst.IfExp, cst.Assert, cst.CompIf)):
        return parent.test is node
    return isinstance(parent, cst.UnaryOperation)


def _unary(walk: Walk, carrier: Carrier, parent: cst.CSTNode) -> None:
    assert isinstance(parent, cst.UnaryOperation)
    if isinstance(parent.operator, cst.Not):
        _tested(walk, carrier)
    else:
        walk.refuse(carrier, "it is used in arithmetic")


def _test(walk: Walk, carrier: Carrier, parent: cst.CSTNode) -> None:
    assert isinstance(parent, (cst.If, cst.While, cst.Assert, cst.CompIf))
    if parent.test is carrier.node:
        _tested(walk, carrier)
    else:
        walk.refuse(carrier, "it is shown")


def _nothing(walk: Walk, carrier: Carrier, parent: cst.CSTNode) -> None:
    if isinstance(parent, cst.Expr) and walk.module.filename.endswith(".ipynb"):
        walk.refuse(carrier, "a cell shows it")
        return
    if carrier.source is walk.call and not carrier.layers:
        walk.not_several(carrier, "it is constructed and not kept")
        return
    _tested(walk, carrier)


def _comparison(walk: Walk, carrier: Carrier, parent: cst.CSTNode) -> None:
    comparison = parent
    if isinstance(comparison, cst.ComparisonTarget):
        comparison = walk.module.parent(comparison)
    assert isinstance(comparison, cst.Comparison)
    if len(comparison.comparisons) != 1:
        walk.refuse(carrier, "it is compared")
        return
    target = comparison.comparisons[0]
    other = target.comparator if comparison.left is carrier.node else comparison.left
    operator = target.operator
    none = isinstance(other, cst.Name) and other.value == "None"
    if none and isinstance(operator, (cst.Is, cst.IsNot)):
        _tested(walk, carrier)
        return
    if none and isinstance(operator, (cst.Equal, cst.NotEqual)):
        _tested(walk, carrier)
        return
    asked = isinstance(operator, (cst.In, cst.NotIn)) and comparison.left is not carrier.node
    if asked and carrier.layers and (len(carrier.layers) == 1 or carrier.layers[0] != SEQUENCE):
        return  # who is asked for is looked at where it stands
    known = (cst.Is, cst.IsNot, cst.In, cst.NotIn, cst.Equal, cst.NotEqual)
    if isinstance(operator, known):
        walk.not_several(carrier, "it is compared")
    else:
        walk.refuse(carrier, "it is compared")


def _binary(walk: Walk, carrier: Carrier, parent: cst.CSTNode) -> None:
    assert isinstance(parent, cst.BinaryOperation)
    layers = carrier.layers
    if layers and layers[0] == SEQUENCE and isinstance(parent.operator, cst.Add):
        other = parent.right if parent.left is carrier.node else parent.left
        if carrier.grows and may_be_own(walk.holders, walk.project, other):
            walk.not_several(carrier, "it is added to what may be no list")
        walk.follow(parent, layers, carrier.listed)
    elif layers and layers[0] == SEQUENCE and isinstance(parent.operator, cst.Multiply):
        if carrier.grows:
            walk.not_several(carrier, "it is repeated")
        walk.follow(parent, layers, carrier.listed)
    elif layers and layers[0] != SEQUENCE and isinstance(parent.operator, cst.BitOr):
        walk.follow(parent, layers, carrier.listed)
    else:
        walk.refuse(carrier, "it is used in arithmetic")


def _assign(walk: Walk, carrier: Carrier, parent: cst.CSTNode) -> None:
    assert isinstance(parent, cst.Assign)
    walk.hold(carrier, parent)
    for target in parent.targets:
        into(walk, target.target, carrier, carrier.layers)


def _annotated(walk: Walk, carrier: Carrier, parent: cst.CSTNode) -> None:
    assert isinstance(parent, cst.AnnAssign)
    if parent.value is not carrier.node:
        walk.refuse(carrier, "it stands in an annotation")
        return
    if not carrier.layers:
        walk.not_several(carrier, "the name it is assigned to has a type")
    into(walk, parent.target, carrier, carrier.layers)


def _augment(walk: Walk, carrier: Carrier, parent: cst.CSTNode) -> None:
    assert isinstance(parent, cst.AugAssign)
    add = isinstance(parent.operator, cst.AddAssign)
    if parent.value is not carrier.node or not add or not carrier.layers:
        walk.refuse(carrier, "it is changed in place")
        return
    if carrier.layers[0] != SEQUENCE:
        walk.refuse(carrier, "its keys are added to a list")
        return
    walk.contain(parent.target, carrier, carrier.layers)


def _walrus(walk: Walk, carrier: Carrier, parent: cst.CSTNode) -> None:
    assert isinstance(parent, cst.NamedExpr)
    if not carrier.layers:
        walk.not_several(carrier, "it is assigned inside an expression")
    into(walk, parent.target, carrier, carrier.layers)
    walk.follow(parent, carrier.layers, carrier.listed)


def _return(walk: Walk, carrier: Carrier, parent: cst.CSTNode) -> None:
    function = walk.module.function(parent)
    if function is None:
        walk.refuse(carrier, "it is returned from no function")
        return
    if walk.holders.words.yields[function]:
        walk.refuse(carrier, f"the generator {function.name.value}() returns it")
        return
    if function.returns is not None and not carrier.layers:
        walk.not_several(carrier, f"the type of {function.name.value}() says one")
    walk.hold(carrier, parent)
    walk.returned(function, carrier, carrier.layers)


def _yield(walk: Walk, carrier: Carrier, parent: cst.CSTNode) -> None:
    function = walk.module.function(parent)
    inside = next(a for a in walk.module.around(parent) if isinstance(a, (cst.Lambda, *_BLOCKS)))
    if function is None or isinstance(inside, cst.Lambda):
        walk.refuse(carrier, "it is yielded")
        return
    walk.not_several(carrier, f"the generator {function.name.value}() yields it")
    walk.returned(function, carrier, (SEQUENCE, *carrier.layers))


def _default(walk: Walk, carrier: Carrier, parent: cst.CSTNode) -> None:
    assert isinstance(parent, cst.Param)
    walk.hold(carrier, parent)
    into(walk, parent.name, carrier, carrier.layers)


def _lambda(walk: Walk, carrier: Carrier, parent: cst.CSTNode) -> None:
    assert isinstance(parent, cst.Lambda)
    walk.hold(carrier, parent)
    walk.returned(parent, carrier, carrier.layers)


def _attribute(walk: Walk, carrier: Carrier, parent: cst.CSTNode) -> None:
    assert isinstance(parent, cst.Attribute)
    above = walk.module.parent(parent)
    called = isinstance(above, cst.Call) and above.func is parent
    if carrier.layers:
        if called:
            assert isinstance(above, cst.Call)
            method(walk, carrier, parent.attr.value, above)
        else:
            walk.refuse(carrier, "one of its attributes is used")
        return
    if called and parent.attr.value.startswith(_HOOKS):
        walk.not_several(carrier, "one of its attributes is used")
        walk.found.by_hand = True
    else:
        walk.refuse(carrier, "one of its attributes is used")


USES: dict[type[cst.CSTNode], Use] = {
    cst.Arg: argument,
    cst.Element: _element,
    cst.StarredElement: _starred,
    cst.DictElement: _dict_element,
    cst.StarredDictElement: _starred_dict,
    cst.IfExp: _conditional,
    cst.BooleanOperation: _boolean,
    cst.UnaryOperation: _unary,
    cst.BinaryOperation: _binary,
    cst.Comparison: _comparison,
    cst.ComparisonTarget: _comparison,
    cst.If: _test,
    cst.While: _test,
    cst.Assert: _test,
    cst.CompIf: _test,
    cst.Expr: _nothing,
    cst.Del: _nothing,
    cst.Assign: _assign,
    cst.AnnAssign: _annotated,
    cst.AugAssign: _augment,
    cst.NamedExpr: _walrus,
    cst.Return: _return,
    cst.Yield: _yield,
    cst.Lambda: _lambda,
    cst.Param: _default,
    cst.Attribute: _attribute,
    cst.Subscript: elements.item,
    cst.For: elements.loop_over,
    cst.CompFor: elements.comp_for,
    cst.ListComp: elements.comp,
    cst.SetComp: elements.comp,
    cst.GeneratorExp: elements.comp,
    cst.DictComp: elements.dict_comp,
}
