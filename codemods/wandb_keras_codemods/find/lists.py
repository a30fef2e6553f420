"""Whether an expression can be nothing but a built-in list or tuple."""

from __future__ import annotations

import libcst as cst

from wandb_keras_codemods.find.facts import ADDS
from wandb_keras_codemods.find.hidden import Unseen
from wandb_keras_codemods.find.holders import Holders
from wandb_keras_codemods.find.project import Project

_MAKERS = frozenset({"list", "tuple", "sorted"})


def may_be_own(holders: Holders, project: Project, node: cst.BaseExpression) -> bool:
    """Tell whether an expression may be of a seen class that says itself what ``+`` does.

    Args:
        holders: Who binds what.
        project: What other files define.
        node: The expression.
    """
    own = any(
        name in holders.words.names or project.defines(holders.module.filename, name)
        for name in ADDS
    )
    return own and not _is_list(holders, node)


def _is_list(holders: Holders, node: cst.BaseExpression, depth: int = 4) -> bool:
    """Whether an expression is for sure a list or tuple, followed over a few names."""
    if isinstance(node, (cst.List, cst.Tuple, cst.ListComp)):
        return True
    if isinstance(node, cst.BinaryOperation):
        return all(_is_list(holders, side, depth) for side in (node.left, node.right))
    if isinstance(node, cst.IfExp):
        return all(_is_list(holders, side, depth) for side in (node.body, node.orelse))
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
            and _is_list(holders, binding.node, depth - 1)
        )
        for binding in bound
    )
