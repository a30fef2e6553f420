"""Tell of names of the old module that other files read."""

from __future__ import annotations

from typing import Collection, Iterator

import libcst as cst
from libcst.metadata import GlobalScope

from wandb_keras_codemods.find.meanings import bound, imported
from wandb_keras_codemods.find.module import Module
from wandb_keras_codemods.find.project import Project
from wandb_keras_codemods.find.usages import Usages
from wandb_keras_codemods.findings import Finding
from wandb_keras_codemods.legacy.names import MODULES


def shared_modules(
    module: Module, usages: Usages, project: Project, frozen: Collection[cst.CSTNode]
) -> Iterator[Finding]:
    """Yield a finding for each name of the old module that another file may read.

    Args:
        module: The module.
        usages: Its legacy usages.
        project: What other files read.
        frozen: Imports that stay as they are.
    """
    if not project.known:
        return
    named: dict[cst.BaseSmallStatement, str] = {}
    for statement in usages.imports:
        aliases = () if isinstance(statement.names, cst.ImportStar) else statement.names
        named.update(
            (statement, bound(alias))
            for alias in aliases
            if imported(statement, alias) in MODULES and alias.asname is not None
        )
    for use in usages.modules:
        if use.binding.statement is not None and use.binding.alias is None:
            named[use.binding.statement] = use.binding.name
    for call in module.all(cst.Call):
        assign = module.parent(call)
        if isinstance(assign, cst.Assign) and usages.meanings.qualified(call) & MODULES:
            named[assign] = getattr(assign.targets[0].target, "value", "")
    for place, name in named.items():
        shared = isinstance(module.scope(place), GlobalScope)
        if shared and place not in frozen and project.reads_name(module.filename, name):
            yield module.finding(place, "WKM420", f"other files may read {name}")
