"""Where the evaluation class is written: below the import that what needs it comes from."""

from __future__ import annotations

import libcst as cst

from wandb_keras_codemods.find.meanings import bound
from wandb_keras_codemods.find.module import Module
from wandb_keras_codemods.find.usages import Reference, Usages

from .generated import generated_class
from .layout import Layout
from .needs import ALONE, Needs
from .statements import Statements

_BASE = "WandbEvalCallback"


class Tables:
    """Writes one evaluation class for each import whose uses need it.

    Args:
        module: The module.
        usages: Its legacy usages.
        needs: What the usages need.
    """

    def __init__(self, module: Module, usages: Usages, needs: Needs) -> None:
        self._module = module
        self._usages = usages
        self._needs = needs
        self._wanted: dict[cst.BaseSmallStatement, Reference] = {}

    def want(self, reference: Reference) -> None:
        """Note that what a reference becomes needs the class."""
        statement = self._usages.after(reference)
        assert statement is not None
        self._wanted.setdefault(statement, reference)

    def write(self, statements: Statements, layout: Layout) -> None:
        """Write the classes.

        Args:
            statements: Takes what becomes of statements.
            layout: Measures blocks.
        """
        for statement, reference in self._wanted.items():
            line = cst.ensure_type(self._module.parent(statement), cst.SimpleStatementLine)
            wandb = self._name_of_wandb(statement, reference)
            prefix = self._needs.provide(reference, (_BASE,))
            base = _BASE if prefix is None else f"{self._module.text(prefix)}.{_BASE}"
            blank = 1 if layout.block(statement) else 2
            statements.insert_below(line, generated_class(wandb, base, blank))

    def _name_of_wandb(self, statement: cst.BaseSmallStatement, reference: Reference) -> str:
        """Return a name that is wandb for sure: the file's own, or a private one."""
        scope = self._module.scope(reference.root)
        for node in self._usages.imports:
            if not isinstance(node, cst.Import) or scope is None or not self._direct(node):
                continue
            for alias in node.names:
                name = bound(alias)
                found = self._usages.meanings.lookup(scope, name)
                if found and all(b.meaning == "wandb" and b.alias is not None for b in found):
                    return name
        name, taken = "_wandb", {node.value for node in self._module.all(cst.Name)}
        while name in taken:
            name = f"_{name}"
        self._needs.extras[statement].add(ALONE, "wandb", name, new=True)
        return name

    def _direct(self, statement: cst.BaseSmallStatement) -> bool:
        """Whether an import is run for sure, once, with the module."""
        return isinstance(self._module.parent(self._module.parent(statement)), cst.Module)
