"""Whether an expression can be nothing but a built-in list or tuple."""

from __future__ import annotations

import libcst as cst

from wandb_keras_codemods.find.hidden import Unseen
from wandb_keras_codemods.find.holders import Holders

_MAKERS = frozenset({"list", "tuple", "sorted"})


def is_list(holders: Holders, node: cst.BaseExpression, depth: int = 4) -> bool:
    """Tell whether an expression is for sure a list or tuple of Python's own.

    Args:
        holders: Who binds what.
        node: The expression.
        depth: Over how many names it is followed.
    """
    if isinstance(node, (cst.List, cst.Tuple, cst.ListComp)):
        return True
    if isinstance(node, cst.BinaryOperation):
        return all(is_list(holders, side, depth) for side in (node.left, node.right))
    if isinstance(node, cst.IfExp):
        return all(is_list(holders, side, depth) for side in (node.body, node.orelse))
    if isinstance(node, cst.Call):
        names = holders.module.names(node.func)
        return bool(names) and names <= {f"builtins.{maker}" for maker in _MAKERS}
    if not isinstance(node, cst.Name) or not depth:
        return False
    try:
        bound = holders.bindings(holders.home(node), node.value)
    except Unseen:
        return False
    return bool(bound) and all(
        binding.kind == "augmented"
        or (
            binding.kind == "value"
            and isinstance(binding.node, cst.BaseExpression)
            and is_list(holders, binding.node, depth - 1)
        )
        for binding in bound
    )
