"""Chains of names and attributes, such as ``wandb.keras.WandbCallback``."""

from __future__ import annotations

import libcst as cst


def last_name(node: cst.CSTNode) -> str:
    """Return the last name of a chain of names and attributes; empty for what is none.

    Args:
        node: Any node.

    Example:
        >>> last_name(cst.parse_expression("wandb.keras"))
        'keras'
    """
    if isinstance(node, cst.Attribute):
        return node.attr.value
    return node.value if isinstance(node, cst.Name) else ""
