"""Which method a call runs: Keras' own, one of a class of the scanned files, or another."""

from __future__ import annotations

import re
from typing import Iterable

import libcst as cst
from libcst.metadata import ImportAssignment

from wandb_keras_codemods.find.chains import last_name
from wandb_keras_codemods.find.hidden import Unseen
from wandb_keras_codemods.find.holders import Callee, Holders
from wandb_keras_codemods.find.lookups import RUNS_TEXT
from wandb_keras_codemods.find.names import is_read
from wandb_keras_codemods.find.project import Project
from wandb_keras_codemods.find.strings import string

_PATCHES = frozenset({"setattr", "patch", "object", "multiple"})
_MAKES_UP = ("__getattr__", "__getattribute__")
_KERAS = frozenset({"keras", "tensorflow", "tf_keras"})
_MAKES = frozenset({"namedtuple", "make_dataclass"})
_FAKES = frozenset({"Mock", "MagicMock", "create_autospec"})


def runs_keras(holders: Holders, project: Project, call: cst.Call) -> bool | None:
    """Tell whether a call of fit may be Keras' own; None when what is not followed may take it."""
    function = call.func
    assert isinstance(function, cst.Attribute)
    name, receiver = function.attr.value, function.value
    if _replaced(holders, name) or project.defines(holders.module.filename, name):
        return None
    if _is_module(holders, project, receiver) or project.fakes(holders.module.filename):
        return None
    if _is_super(receiver):
        beside = _beside(holders, project, call)
        return None if beside is None else not any(holders.defines(one, name) for one in beside)
    owner = holders.receiver_class(receiver) or holders.instance_of(receiver)
    if owner is None:
        return None if _may_be_proxy(holders, project, receiver) else True
    family = holders.ancestry(owner)
    if family is None:  # bases that are not seen: their fit may be meant, if none here is
        return not any(holders.defines(member, name) for member in holders.known_bases(owner))
    if any(holders.defines(member, "__getattr__") for member in family):
        return None
    return not any(holders.defines(member, name) for member in family)


def runs_another(
    holders: Holders, project: Project, call: cst.Call, callees: Iterable[Callee]
) -> bool:
    """Tell whether something else may stand in the place of a function that a call names."""
    filename, name = holders.module.filename, last_name(call.func)
    if not isinstance(call.func, cst.Attribute):
        return project.replaces(filename, name)
    owners = [holders.class_around(callee.function) for callee in callees]
    family = [owner for owner in owners if owner is not None]
    return (
        _assigned(holders, name)
        or project.replaces_method(filename, name)
        or any(project.derives(filename, heir.name.value) for heir in family)
        or any(project.derives(filename, heir.name.value) for heir in holders.heirs(family))
    )


def _may_be_proxy(holders: Holders, project: Project, receiver: cst.BaseExpression) -> bool:
    """Whether a receiver may be of a seen class that makes up its methods."""
    proxies = project.has_proxies(holders.module.filename) or any(
        holders.defines(owner, name) and not any(map(_is_mapping, owner.bases))
        for name in _MAKES_UP
        if name in holders.words.names
        for owner in holders.words.classes
    )
    return proxies and not _from_keras(holders, receiver)


def _is_mapping(base: cst.Arg) -> bool:
    return last_name(base.value).lower().endswith(("dict", "mapping", "namespace"))


def _from_keras(holders: Holders, receiver: cst.BaseExpression) -> bool:
    """Whether a receiver can only be what calls of Keras gave."""
    if not isinstance(receiver, cst.Name):
        return False
    try:
        bound = holders.bindings(holders.home(receiver), receiver.value)
    except Unseen:
        return False
    calls = [binding.node for binding in bound if isinstance(binding.node, cst.Call)]
    names = [holders.module.names(call.func) for call in calls]
    return len(calls) == len(bound) and all(
        found and {name.split(".")[0] for name in found} <= _KERAS for found in names
    )


def _replaced(holders: Holders, name: str) -> bool:
    """Whether something may put another function in the place of a method."""
    if name not in holders.replaced:
        holders.replaced[name] = _find_replaced(holders, name)
    return holders.replaced[name]


def _find_replaced(holders: Holders, name: str) -> bool:
    words = holders.words
    if _assigned(holders, name):
        return True
    if any(not _constant(arg.value) for arg in words.keywords.get(name, ())):
        return True  # an object is made that has it
    for node, text in words.strings:
        item = holders.module.parent(node)
        if text == name and _puts(holders, node):
            return True
        if name in text and isinstance(item, (cst.Arg, cst.Element)):
            call = next((a for a in holders.module.around(item) if isinstance(a, cst.Call)), None)
            called = "" if call is None else last_name(call.func)
            binds = rf"\b{name}\s*=(?!=)|\bdef\s+{name}\b"
            if called in _MAKES or (called in RUNS_TEXT and re.search(binds, text)):
                return True
    return any(fake in words.names or fake in words.attributes for fake in _FAKES)


def _puts(holders: Holders, text: cst.CSTNode) -> bool:
    """Whether something is put under a text: ``{"fit": new}``, ``vars(model)["fit"] = new``."""
    item = holders.module.parent(text)
    if isinstance(item, cst.DictElement):
        return not _constant(item.value)
    above = holders.module.parent(item)
    if isinstance(item, cst.Index):
        return isinstance(holders.module.parent(holders.module.parent(above)), cst.AssignTarget)
    if not isinstance(item, cst.Arg) or not isinstance(above, cst.Call):
        return False
    later = above.args[above.args.index(item) + 1 :]
    new = [arg.value for arg in later if arg.keyword is None and not _constant(arg.value)]
    return bool(new) and last_name(above.func) not in ("getattr", "print")


def _assigned(holders: Holders, name: str) -> bool:
    """Whether an attribute is assigned, or a string says that it is."""
    words = holders.words
    if any(not is_read(holders.module, attribute) for attribute in words.attributes.get(name, ())):
        return True
    for function in _PATCHES:
        for node in (*words.names.get(function, ()), *words.attributes.get(function, ())):
            call = holders.module.parent(node)
            if not isinstance(call, cst.Call) or call.func is not node:
                continue
            if _patches(holders, call, name, computed=function == "setattr"):
                return True
    return False


def _constant(node: cst.BaseExpression) -> bool:
    if isinstance(node, cst.Name):
        return node.value in ("True", "False", "None")
    return isinstance(node, (cst.BaseNumber, cst.BaseString, cst.Dict, cst.List, cst.Tuple))


def _patches(holders: Holders, call: cst.Call, name: str, *, computed: bool) -> bool:
    if any(arg.keyword is not None and arg.keyword.value == name for arg in call.args):
        return True  # patch.multiple(Trainer, fit=fake)
    texts = [string(arg.value) for arg in call.args[:2]]
    if any(text is not None and text.split(".")[-1] == name for text in texts):
        return True
    if not computed or len(call.args) < 2 or texts[1] is not None:
        return False
    owner = call.args[0].value  # whose attribute it is is known, which one is not
    if holders.receiver_class(owner) or holders.instance_of(owner):
        return False  # an object of this module's own
    return not holders.parsed(owner)


def _is_module(holders: Holders, project: Project, receiver: cst.BaseExpression) -> bool:
    """Whether a receiver is an imported module, so that its fit is a function."""
    if not isinstance(receiver, cst.Name):
        return False
    for found in holders.module.assignments(receiver):
        if isinstance(found, ImportAssignment):
            if isinstance(found.node, cst.Import):
                return True
            if project.is_module(holders.module.filename, receiver.value):
                return True
    return False


def own_methods(holders: Holders, project: Project, call: cst.Call) -> list[Callee] | None:
    """Return the methods of this module's classes that a call of fit may run.

    None when one of them is wrapped.
    """
    function = call.func
    assert isinstance(function, cst.Attribute)
    name, receiver = function.attr.value, function.value
    if _is_super(receiver):
        beside = _beside(holders, project, call)
        found = holders.methods_named(name)
        if beside is None or not found:
            return None if beside is None else found
        return [one for one in found if holders.class_around(one.function) in beside]
    owner = holders.receiver_class(receiver) or holders.instance_of(receiver)
    found = holders.methods_named(name)
    if owner is None or not found:
        return found
    family = holders.known_bases(owner)
    family += holders.heirs(family)
    return [one for one in found if holders.class_around(one.function) in family]


def _is_super(node: cst.BaseExpression) -> bool:
    return (
        isinstance(node, cst.Call)
        and isinstance(node.func, cst.Name)
        and node.func.value == "super"
    )


def _beside(holders: Holders, project: Project, call: cst.Call) -> list[cst.ClassDef] | None:
    """Return the classes defined here that super() may mean; None where others may be meant."""
    owner = _class_around(holders, call)
    if owner is None:
        return None
    heirs = [owner, *holders.heirs([owner])]
    if any(project.derives(holders.module.filename, heir.name.value) for heir in heirs):
        return [each for each in holders.words.classes if each not in heirs]
    family = [base for heir in heirs for base in holders.known_bases(heir)]
    return [each for each in dict.fromkeys(family) if each not in heirs]


def _class_around(holders: Holders, node: cst.CSTNode) -> cst.ClassDef | None:
    for above in holders.module.around(node):
        if isinstance(above, cst.ClassDef):
            return above
    return None
