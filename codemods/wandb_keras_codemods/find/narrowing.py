"""Where a test of type lets no callback of W&B's through."""

from __future__ import annotations

import libcst as cst

from wandb_keras_codemods.find.holders import Holders

_KERAS = frozenset({"keras", "tensorflow", "tf_keras"})
# callbacks of Keras' own from which neither the old one nor any of its replacements derives
_OTHERS = frozenset(
    {
        "BackupAndRestore", "CSVLogger", "EarlyStopping", "History", "LambdaCallback",
        "LearningRateScheduler", "ProgbarLogger", "ReduceLROnPlateau", "RemoteMonitor",
        "TensorBoard", "TerminateOnNaN",
    }
)  # fmt: skip


def is_another(name: str) -> bool:
    """Tell whether a qualified name is that of a callback that none of W&B's is.

    Args:
        name: The name, such as ``"keras.callbacks.EarlyStopping"``.
    """
    parts = name.split(".")
    return parts[0] in _KERAS and parts[-2:-1] == ["callbacks"] and parts[-1] in _OTHERS


def is_let_through(holders: Holders, node: cst.BaseExpression) -> bool:
    """Tell whether an expression may be one of W&B's callbacks where it stands.

    Args:
        holders: Who binds what.
        node: The expression; names are tested.
    """
    if not isinstance(node, cst.Name) or "isinstance" not in holders.words.names:
        return True
    below: cst.CSTNode = node
    for above in holders.module.around(node):
        if isinstance(above, (cst.FunctionDef, cst.Lambda, cst.ClassDef)):
            return True
        for test in _tests(above, below):
            if asks_for_another(holders, test, node.value):
                return _bound_inside(holders, below, node.value)
        below = above
    return True


def _tests(node: cst.CSTNode, part: cst.CSTNode) -> list[cst.BaseExpression]:
    """Return what is true where a part of a node runs."""
    if isinstance(node, (cst.If, cst.IfExp)) and node.body is part:
        return _all_of(node.test)
    if isinstance(node, cst.BooleanOperation) and isinstance(node.operator, cst.And):
        return _all_of(node.left) if node.right is part else []
    if isinstance(node, (cst.ListComp, cst.SetComp, cst.GeneratorExp)) and node.elt is part:
        inner = node.for_in
        while inner.inner_for_in is not None:
            inner = inner.inner_for_in
        return [test for each in inner.ifs for test in _all_of(each.test)]
    return []


def _all_of(test: cst.BaseExpression) -> list[cst.BaseExpression]:
    """Return the tests that are all true where one is."""
    if isinstance(test, cst.BooleanOperation) and isinstance(test.operator, cst.And):
        return [*_all_of(test.left), *_all_of(test.right)]
    return [test]


def asks_for_another(holders: Holders, test: cst.BaseExpression, name: str) -> bool:
    """Tell whether a test is that of a name for a callback that none of W&B's is.

    Args:
        holders: Who binds what.
        test: The test.
        name: The name.
    """
    if not isinstance(test, cst.Call) or len(test.args) != 2:
        return False
    asked, kind = test.args[0].value, test.args[1].value
    if holders.module.names(test.func) != {"builtins.isinstance"}:
        return False
    if not isinstance(asked, cst.Name) or asked.value != name:
        return False
    names = holders.module.names(kind)
    return bool(names) and all(map(is_another, names))


def _bound_inside(holders: Holders, block: cst.CSTNode, name: str) -> bool:
    return any(
        holders.binding(node) is not None
        and any(above is block for above in (node, *holders.module.around(node)))
        for node in holders.words.names[name]
    )
