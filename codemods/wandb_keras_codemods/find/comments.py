"""The comments of a module that keep the tool away from their lines."""

from __future__ import annotations

import libcst as cst

from wandb_keras_codemods.findings.pragmas import WORD, Comment, Pragmas

from .module import Module


def pragmas_of(module: Module) -> Pragmas:
    r"""Return the pragmas of a module.

    Args:
        module: The module; what looks like a comment in a string is none.

    Example:
        >>> module = Module(cst.parse_module("s = '# wandb-keras: ignore'\n"))
        >>> pragmas_of(module).keeps(1, 1)
        False
    """
    if WORD not in module.code:
        return Pragmas()
    return Pragmas(
        Comment(start.line, start.column, comment.value)
        for comment in module.all(cst.Comment)
        for start in (module.position(comment).start,)
    )
