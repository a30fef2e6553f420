"""What a call does with a callback, or a container of it, among its arguments or as receiver."""

from __future__ import annotations

import libcst as cst

from wandb_keras_codemods.find.callers import takes
from wandb_keras_codemods.find.carriers import SEQUENCE, Carrier
from wandb_keras_codemods.find.facts import FITS, POSITIONS
from wandb_keras_codemods.find.narrowing import is_another
from wandb_keras_codemods.find.receivers import own_methods, runs_another, runs_keras
from wandb_keras_codemods.find.strings import string
from wandb_keras_codemods.find.walk import Walk

_TESTS = frozenset({"bool", "any", "all", "callable", "id"})
_COPIES = frozenset({"list", "tuple"})  # the same elements in the same order
_REORDERS = frozenset({"reversed", "iter", "set", "frozenset", "zip", "enumerate"})
_TYPES = frozenset({"list", "tuple", "set", "dict", "str", "int", "float", "bool", "frozenset"})

# methods of lists and dictionaries that do not look at the callback
_HARMLESS = {
    "append": "", "extend": "", "clear": "", "insert": "position", "remove": "",
    "index": "position", "count": "number", "update": "", "keys": "", "add": "", "discard": "",
    "reverse": "position",
}  # fmt: skip


def argument(walk: Walk, carrier: Carrier, parent: cst.CSTNode) -> None:
    """Go on with an argument of a call."""
    assert isinstance(parent, cst.Arg)
    call = walk.module.parent(parent)
    if not isinstance(call, cst.Call):
        walk.refuse(carrier, "it is an argument of a class statement")
        return
    for attempt in (_fit, _list_method, _builtin, _own):
        if attempt(walk, carrier, parent, call):
            return
    walk.refuse(carrier, "it is an argument of a call")


def _fit(walk: Walk, carrier: Carrier, arg: cst.Arg, call: cst.Call) -> bool:
    """An argument ``callbacks`` of a method that trains, evaluates or predicts."""
    function = call.func
    if not isinstance(function, cst.Attribute) or function.attr.value not in FITS:
        return False
    layers = carrier.layers
    if arg.star == "**":
        if not layers or layers[0] != "map:callbacks":
            return False
        layers = layers[1:]
    elif not _is_callbacks(arg, call, function.attr.value):
        return False
    elif arg.keyword is None and walk.holders.imported(function.value):
        return False  # it may be a class, and then the model comes first
    foreign = runs_keras(walk.holders, walk.project, call)
    own = own_methods(walk.holders, walk.project, call)
    if foreign is None or own is None:
        return False
    own = [
        callee
        for callee in own
        if takes(callee, arg, call) or walk.holders.may_be_wrapped(callee.function)
    ]  # of the others the call would raise
    if foreign:
        if layers not in ((), (SEQUENCE,)):
            walk.not_several(carrier, "a list in a list is given to fit")
            if any(layer != SEQUENCE for layer in layers):
                return False
        if not layers:
            if function.attr.value == "search":
                return False
            if not arg.star:
                walk.slot("value", carrier, arg)
        walk.found.fits[call] = not own
    if own:
        walk.into_parameter(own, arg, call, carrier)
    return True


def _is_callbacks(arg: cst.Arg, call: cst.Call, method: str) -> bool:
    if arg.star:
        return False
    if arg.keyword is not None:
        return arg.keyword.value == "callbacks"
    index = call.args.index(arg)
    return POSITIONS.get(method) == index and not any(a.star for a in call.args[:index])


def _list_method(walk: Walk, carrier: Carrier, arg: cst.Arg, call: cst.Call) -> bool:
    """An argument of a list's append, insert or extend."""
    function = call.func
    if not isinstance(function, cst.Attribute) or any(a.keyword or a.star for a in call.args):
        return False
    name, receiver = function.attr.value, function.value
    if walk.holders.callees(call):
        return False  # a method of a class of this module
    if name == "extend" and len(call.args) == 1 and carrier.layers[:1] == (SEQUENCE,):
        walk.contain(receiver, carrier, carrier.layers)
        return True
    if name == "append" and len(call.args) == 1:
        if not carrier.layers:
            walk.slot("append", carrier, call)
    elif name == "insert" and len(call.args) == 2 and call.args[1] is arg:
        if not carrier.layers:
            statement = walk.module.parent(call)
            if not isinstance(statement, cst.Expr) or not _plain(call.args[0].value):
                walk.not_several(carrier, "it is inserted inside an expression")
            walk.slot("insert", carrier, call)
    else:
        return False
    listed = carrier.listed and bool(carrier.layers)
    inner = Carrier(carrier.node, carrier.layers, listed, carrier.source)
    walk.contain(receiver, inner, (SEQUENCE, *carrier.layers))
    return True


def _plain(index: cst.BaseExpression) -> bool:
    if isinstance(index, cst.UnaryOperation):
        index = index.expression
    return isinstance(index, (cst.Integer, cst.Name))


def _builtin(walk: Walk, carrier: Carrier, arg: cst.Arg, call: cst.Call) -> bool:
    """An argument of a builtin function."""
    function = call.func
    if not isinstance(function, cst.Name) or arg.star == "*":
        return False
    if walk.module.names(function) != {f"builtins.{function.value}"}:
        return False
    name, layers = function.value, carrier.layers
    if name == "dict" and (arg.keyword is not None or arg.star):
        if arg.star and (not layers or not layers[0].startswith("map:")):
            return False
        walk.hold(carrier, arg)
        word = "" if arg.keyword is None else arg.keyword.value
        walk.follow(call, layers if arg.star else (f"map:{word}", *layers), carrier.listed)
        return True
    if arg.keyword is not None or arg.star:
        return False
    if name in _TESTS and len(call.args) == 1:
        return bool(layers) or name not in ("any", "all")
    if name == "isinstance" and call.args[0] is arg:
        return _instance(walk, carrier, call)
    if not layers:
        return False
    if layers[0] != SEQUENCE:
        if name == "dict" and len(call.args) == 1:
            walk.follow(call, layers, carrier.listed)
            return True
        return name in ("len", "list", "set", "sorted")
    if name in _COPIES and len(call.args) == 1:
        walk.follow(call, layers, carrier.listed)
        return True
    if name == "filter" and _is_none(call.args[0].value):
        walk.follow(call, layers, carrier.listed)
        return True
    if carrier.grows and name in (*_REORDERS, "len", "next"):
        walk.not_several(carrier, f"{name}() of it, so the number of elements matters")
    if name == "len":
        return True
    if name == "next" and len(call.args) == 1:
        walk.follow(call, layers[1:], carrier.listed and bool(layers[1:]))
        return True
    if name in _REORDERS:
        if name in ("zip", "enumerate"):
            place = 1 if name == "enumerate" else call.args.index(arg)
            layers = (SEQUENCE, f"at:{place}", *layers[1:])
        walk.follow(call, layers, carrier.listed and bool(layers[1:]))
        return True
    return False


def _is_none(node: cst.BaseExpression) -> bool:
    return isinstance(node, cst.Name) and node.value == "None"


def _instance(walk: Walk, carrier: Carrier, call: cst.Call) -> bool:
    """A test of type that no callback passes, or every one."""
    if len(call.args) != 2:
        return False
    asked = call.args[1].value
    kinds = asked.elements if isinstance(asked, cst.Tuple) else [asked]
    for kind in kinds:
        value = kind.value if isinstance(kind, cst.Element) else kind
        names = walk.module.names(value) if isinstance(value, cst.BaseExpression) else frozenset()
        if not names:
            return False
        for name in names:
            if name.startswith("builtins.") and name[len("builtins.") :] in _TYPES:
                if not carrier.layers:
                    walk.not_several(carrier, "its type is asked for")
            elif name.endswith(".callbacks.Callback"):
                walk.not_several(carrier, "its type is asked for")
            elif not is_another(name):
                return False
    return True


def _own(walk: Walk, carrier: Carrier, arg: cst.Arg, call: cst.Call) -> bool:
    """An argument of a function that is defined in this module."""
    callees = walk.holders.callees(call)
    if not callees:
        return False
    if runs_another(walk.holders, walk.project, call, callees):
        return False
    walk.into_parameter(callees, arg, call, carrier)
    return True


def method(walk: Walk, carrier: Carrier, name: str, call: cst.Call) -> None:
    """Go on with a container whose method is called."""
    layers, outer = carrier.layers, carrier.layers[0]
    if name in _HARMLESS:
        matters = _HARMLESS[name]
        first = name == "insert" and _number(call) == "0"
        if len(layers) > 1 and name in ("append", "extend", "insert", "update", "add"):
            walk.stores.append((carrier, None, layers))
        first = first or (name == "insert" and _once(walk, carrier, call))
        if matters and carrier.grows and not first:
            walk.not_several(carrier, f"{name}() of it, so the {matters} of elements matters")
        return
    if name == "copy" and not call.args:
        walk.follow(call, layers, carrier.listed)
        return
    if outer == SEQUENCE:
        if name in ("pop", "popleft"):
            if carrier.grows:
                walk.not_several(carrier, f"{name}() of it, so the position matters")
            walk.follow(call, layers[1:], carrier.listed and bool(layers[1:]))
            return
    elif name in ("get", "pop", "setdefault") and call.args:
        key = string(call.args[0].value)
        if key is not None and f"map:{key}" != outer and outer != "map:":
            return
        if not layers[1:]:
            walk.not_several(carrier, "it is an item of a dictionary")
        walk.follow(call, layers[1:], carrier.listed)
        return
    elif name in ("values", "items") and not call.args:
        if not layers[1:]:
            walk.not_several(carrier, "it is an item of a dictionary")
        listed = carrier.listed and bool(layers[1:])
        pairs = ("at:1",) if name == "items" else ()
        walk.follow(call, (SEQUENCE, *pairs, *layers[1:]), listed)
        return
    walk.refuse(carrier, f"its method {name}() is called")


def _once(walk: Walk, carrier: Carrier, call: cst.Call) -> bool:
    """Whether a call inserts the construction itself, once into each list."""
    if not isinstance(carrier.node, cst.Name) or len(call.args) != 2:
        return False
    value = call.args[1].value
    while isinstance(value, cst.IfExp):
        value = value.body if value.orelse is not walk.call else value.orelse
    if value is not walk.call:
        return False
    for above in walk.module.around(call):
        if isinstance(above, (cst.For, cst.While, cst.BaseComp)):
            return False
        if isinstance(above, (cst.FunctionDef, cst.Lambda)):
            break
    return walk.holders.home(carrier.node) is walk.module.scope(call) and not isinstance(
        walk.holders.bindings(walk.holders.home(carrier.node), carrier.node.value)[0].node,
        cst.Param,
    )


def _number(call: cst.Call) -> str:
    """Return the first argument when it is a plain number."""
    value = call.args[0].value if call.args else None
    return value.value if isinstance(value, cst.Integer) else ""
