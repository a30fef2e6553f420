"""Whether others may import a name from a module, so that its import stays."""

from __future__ import annotations

import re

import libcst as cst

from wandb_keras_codemods.find.lookups import names_in_strings, runs_or_reads_anything
from wandb_keras_codemods.find.module import Module
from wandb_keras_codemods.find.project import Project
from wandb_keras_codemods.find.strings import string
from wandb_keras_codemods.find.usages import Usages

_UNUSED = re.compile(
    r"noqa(?!:)|noqa:.*\bF(?:4(?:01?)?)?\b"
    r"|pylint:\s*disable.*(?:unused-import|W0611)|pyright:.*reportUnusedImport"
)


class Exports:
    """Tells which imported names have uses that are no names in the module.

    Args:
        module: The module.
        usages: Its legacy usages.
        project: What other files read.
    """

    def __init__(self, module: Module, usages: Usages, project: Project) -> None:
        self._module = module
        self._usages = usages
        self._project = project

    def has(self, name: str, statement: cst.BaseSmallStatement) -> bool:
        """Tell whether an import's name may be read in a way that is not seen."""
        module = self._module
        above = list(module.around(statement))
        if names_in_strings(module, self._usages, name) or runs_or_reads_anything(module):
            return True
        inside = next((n for n in above if isinstance(n, (cst.FunctionDef, cst.ClassDef))), None)
        if isinstance(inside, cst.ClassDef):  # an attribute of the class, which anybody may read
            return True
        if inside is not None and not self._is_global(name):
            return False
        known = self._project.known
        if self._asked_for(name, statement) or self._only_imports():
            return True
        if module.filename.replace("\\", "/").rsplit("/", 1)[-1] == "__init__.py":
            return True
        if not known:
            return False
        read = self._project.reads_name(module.filename, name)
        return read or self._project.looks_into(module.filename)

    def _is_global(self, name: str) -> bool:
        return any(
            item.name.value == name for node in self._module.all(cst.Global) for item in node.names
        )

    def _asked_for(self, name: str, statement: cst.BaseSmallStatement) -> bool:
        """Whether the import says itself that it is there for others."""
        line = self._module.parent(statement)
        comment = getattr(getattr(line, "trailing_whitespace", None), "comment", None)
        if comment is not None and _UNUSED.search(comment.value):
            return True
        if isinstance(statement, cst.ImportFrom) and not isinstance(
            statement.names, cst.ImportStar
        ):
            for alias in statement.names:
                if alias.evaluated_alias == name == alias.evaluated_name:
                    return True
        return False

    def _only_imports(self) -> bool:
        """Whether the module does nothing but import, so that it does it for others."""
        filename, project = self._module.filename, self._project
        if filename.endswith(".ipynb") or (project.known and not project.relatives.get(filename)):
            return False
        smalls = [
            small
            for line in self._module.tree.body
            for small in (line.body if isinstance(line, cst.SimpleStatementLine) else [line])
        ]
        others = [
            small
            for small in smalls
            if not isinstance(small, (cst.Import, cst.ImportFrom))
            and not (isinstance(small, cst.Expr) and string(small.value) is not None)
        ]
        return not others and (project.known or len(smalls) > 1)
