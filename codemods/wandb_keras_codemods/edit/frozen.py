"""Imports that stay as they are: a pragma keeps them, or something looks up what they put there."""

from __future__ import annotations

from typing import Callable

import libcst as cst

from wandb_keras_codemods.find.meanings import from_module
from wandb_keras_codemods.find.module import Module
from wandb_keras_codemods.find.strings import string
from wandb_keras_codemods.find.usages import Reference, Usages
from wandb_keras_codemods.findings.pragmas import Pragmas
from wandb_keras_codemods.legacy.names import OLD_MODULES

Import = cst.BaseSmallStatement


def frozen_imports(
    module: Module, usages: Usages, pragmas: Pragmas, ignored: Callable[[Reference], bool]
) -> set[Import]:
    """Return the imports that stay as they are, and with them all their uses.

    Args:
        module: The module.
        usages: Its legacy usages.
        pragmas: The comments that keep lines as they are.
        ignored: Tells whether a pragma keeps a reference as it is.
    """
    statements: set[Import] = set(usages.imports)
    for reference in usages.references:
        statements.update(b.statement for b in reference.bindings if b.statement is not None)
    frozen = set()
    for statement in statements:
        place = module.position(statement)
        kept = pragmas.keeps(place.start.line, place.end.line)
        if kept and "wandb" in module.text(statement):
            frozen.add(statement)
    for reference in usages.references:  # a line that stays needs its module
        if reference.kind in ("module", "dotted") and ignored(reference):
            frozen.update(b.statement for b in reference.bindings if b.statement is not None)
    looked_up = _looked_up(module)
    for each in usages.imports:  # what is looked up there, an import puts there
        names = (
            {from_module(each)}
            if isinstance(each, cst.ImportFrom)
            else {alias.evaluated_name for alias in each.names}
        )
        if names & looked_up:
            frozen.add(each)
    _add_shared(usages, frozen)
    return frozen


def _looked_up(module: Module) -> set[str | None]:
    """The modules that are looked up in sys.modules, where their imports put them."""
    if "sys" not in module.code or "modules" not in module.code:
        return set()
    return {
        string(node)
        for node in module.all(cst.SimpleString)
        if isinstance(module.parent(node), (cst.Index, cst.Arg, cst.Comparison))
    } & OLD_MODULES


def _add_shared(usages: Usages, frozen: set[Import]) -> None:
    """Add what binds a name that a frozen import binds: its uses stay, and need it."""
    groups = [
        {b.statement for b in reference.bindings if b.statement is not None}
        for reference in usages.references
    ]
    size = -1
    while size != len(frozen):
        size = len(frozen)
        for group in groups:
            if group & frozen:
                frozen |= group
