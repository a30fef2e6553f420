"""Whether a method that trains is Keras' own, or one of a class of the scanned files."""

from __future__ import annotations

import libcst as cst

from wandb_keras_codemods.find.holders import Callee, Holders, is_read
from wandb_keras_codemods.find.project import Project


def runs_keras(holders: Holders, project: Project, call: cst.Call) -> bool | None:
    """Tell whether a call of fit may be Keras' own; None when a class not followed may take it."""
    function = call.func
    assert isinstance(function, cst.Attribute)
    name, receiver = function.attr.value, function.value
    for attribute in holders.words.attributes[name]:
        if not is_read(holders.module, attribute):
            return None  # fit is replaced
    holders.check_attribute(name)
    if _is_module(holders, receiver):
        return None
    if project.defines(holders.module.filename, name):
        return None
    owner = holders.receiver_class(receiver)
    if owner is None:
        return True
    family = holders.ancestry(owner)
    return not (family and own_methods(holders, call))


def _is_module(holders: Holders, receiver: cst.BaseExpression) -> bool:
    """Whether a receiver is an imported module, so that its fit is a function."""
    if not isinstance(receiver, cst.Name):
        return False
    return any(
        type(found).__name__ == "ImportAssignment"
        and isinstance(getattr(found, "node", None), cst.Import)
        for found in holders.module.assignments(receiver)
    )


def own_methods(holders: Holders, call: cst.Call) -> list[Callee] | None:
    """Return the methods of this module's classes that a call of fit may run.

    None when one of them is wrapped.
    """
    function = call.func
    assert isinstance(function, cst.Attribute)
    if isinstance(function.value, cst.Call):
        called = function.value.func
        if isinstance(called, cst.Name) and called.value == "super":
            owner = _class_around(holders, call)
            if owner is not None and not any(holders.class_of(base.value) for base in owner.bases):
                return []
    return holders.methods_named(function.attr.value)


def _class_around(holders: Holders, node: cst.CSTNode) -> cst.ClassDef | None:
    for above in holders.module.around(node):
        if isinstance(above, cst.ClassDef):
            return above
    return None
