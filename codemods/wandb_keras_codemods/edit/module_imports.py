"""Edit imports of the module that held the class: what its uses need decides where it goes."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import Callable

import libcst as cst
from libcst.metadata import ClassScope, Scope

from wandb_keras_codemods.find.behind import guard_of
from wandb_keras_codemods.find.meanings import Binding, bound
from wandb_keras_codemods.find.module import Module
from wandb_keras_codemods.find.strings import string
from wandb_keras_codemods.find.usages import Usages
from wandb_keras_codemods.legacy.names import (
    CLASS_NAMES,
    COMPAT,
    MODULES,
    OF_2018,
    OLD_MODULES,
    OUR_MODULES,
    TRIO,
    UPSTREAM,
)

from .needs import ALONE, Names, Needs

Import = cst.BaseSmallStatement


class ModuleImports:
    """Says what becomes of imports of the old module.

    Args:
        module: The module that is edited.
        usages: Its legacy usages.
        needs: What the usages need.
        public: Tells whether others may import a name from this module.
        say: Tells what becomes of a statement.
    """

    def __init__(
        self,
        module: Module,
        usages: Usages,
        needs: Needs,
        public: Callable[[str, Import], bool],
        say: Callable[[Import, str, str], None],
    ) -> None:
        self._module = module
        self._usages = usages
        self._needs = needs
        self._public = public
        self._say = say
        self.bindings = _by_alias(module, usages)
        self.paths: dict[cst.BaseExpression, str] = {}  # strings that name another module now

    def replaced_all(self, alias: cst.ImportAlias, statement: Import) -> bool:
        """Whether all uses of an imported module were replaced by other names."""
        binding = self.bindings.get(alias)
        replaced = self._needs.replaced.get(binding) if binding is not None else None
        if not replaced or binding in self._needs.kept or self._public(bound(alias), statement):
            return False
        assert binding is not None
        return set(self._usages.reads(binding)) <= replaced

    def _left_out(self, alias: cst.ImportAlias, statement: Import) -> bool:
        """Whether nothing reads a module any more, nor asks whether it is there."""
        return self.replaced_all(alias, statement) and guard_of(self._module, statement) is None

    def from_wandb(self, statement: cst.ImportFrom, module: str) -> Names | None:
        """Return what ``from wandb import keras`` becomes."""
        if isinstance(statement.names, cst.ImportStar):
            return None
        names = Names()
        homes: dict[str, None] = {}
        for alias in statement.names:
            binding = self.bindings.get(alias)
            name, asname = alias.evaluated_name, alias.evaluated_alias
            old = f"{module}.{name}"
            if old not in MODULES:
                names.add(module, name, asname)
            elif self._left_out(alias, statement):
                homes[COMPAT] = None
            elif binding in self._needs.moved and self._needs.home == COMPAT:
                homes[COMPAT] = None
                names.add(None, COMPAT, asname or name)
            elif old == OF_2018 or (binding in self._needs.moved and old != UPSTREAM):
                homes[UPSTREAM] = None
                names.add("wandb.integration", "keras", asname or name)
            else:
                names.add(module, name, asname)
        if not homes:
            return None
        self._say(statement, "WKM102", f"import from {' and '.join(homes)}")
        return names

    def plain(self, statement: cst.Import) -> Names | None:
        """Return what ``import wandb.keras`` becomes."""
        names = Names()
        changed = False
        for alias in statement.names:
            name, asname = alias.evaluated_name, alias.evaluated_alias
            if name in OUR_MODULES and self.replaced_all(alias, statement):
                changed = True
                continue
            if name == COMPAT and asname and self.bindings.get(alias) in self._needs.moved:
                changed |= self._needs.home != name
                names.add(None, self._needs.home, asname)
                continue
            if name not in MODULES:
                names.add(None, name, asname)
                continue
            if asname is not None and self._left_out(alias, statement):
                changed = True
                continue
            binding = self.bindings.get(alias)
            new = name
            if asname is None:
                left = binding in self._needs.left - self._needs.moved
                if name in OLD_MODULES and not left:
                    new = "wandb" if self._replaced(binding, statement) else UPSTREAM
                    if new == "wandb" and guard_of(self._module, statement) is not None:
                        # it asks whether the callbacks are there
                        self._needs.extras[statement].add(ALONE, COMPAT, new=True)
            elif binding in self._needs.moved:
                new = self._needs.home
            elif name in OLD_MODULES:
                new = UPSTREAM
            changed |= new != name
            names.add(None, new, asname, new=asname is None and new != name)
        if not changed:
            return None
        listed = [name for name, _ in names.groups.get(None, {})]
        self._say(statement, "WKM102", f"import of {', '.join(listed)}")
        return names

    def _replaced(self, binding: Binding | None, statement: Import) -> bool:
        """Whether all that is read from a module comes from elsewhere now."""
        moved = self._needs.home != COMPAT and binding in self._needs.moved
        if moved or binding in self._needs.kept:
            return False
        if self._needs.home != COMPAT or not self._needs.fallback:
            extra = self._needs.extras.get(statement, Names()).groups.get(ALONE, {})
            return (COMPAT, None) in extra
        return self._members[binding] <= CLASS_NAMES | TRIO

    @cached_property
    def _members(self) -> dict[Binding | None, set[str | None]]:
        """What is read from the modules that imports bind."""
        found: dict[Binding | None, set[str | None]] = defaultdict(set)
        for use in self._usages.modules:
            found[use.binding].add(use.member)
        return found

    def assigned(self, statement: Import) -> None:
        """Edit the module's name in ``m = importlib.import_module("wandb.keras")``."""
        assert isinstance(statement, (cst.Assign, cst.AnnAssign))
        call = cst.ensure_type(statement.value, cst.Call)
        arg = next((a for a in call.args if a.keyword and a.keyword.value == "name"), call.args[0])
        moved = any(binding.statement is statement for binding in self._needs.moved)
        new = self._needs.home if moved else UPSTREAM
        old = string(arg.value)
        if old is not None and old.startswith("."):  # a relative name becomes absolute
            (old,) = self._usages.meanings.qualified(call)
        if isinstance(self._module.scope(statement), ClassScope):
            return  # who reads the attribute is not seen
        if old not in MODULES or old == new or (old == UPSTREAM and not moved):
            return
        self._say(statement, "WKM102", f"import of {new}")
        self.paths[arg.value] = new


def _by_alias(module: Module, usages: Usages) -> dict[cst.ImportAlias, Binding]:
    names: dict[tuple[Scope, str], None] = {}
    for statement in usages.imports:
        scope = module.scope(statement)
        if scope is not None and not isinstance(statement.names, cst.ImportStar):
            names.update(((scope, bound(alias)), None) for alias in statement.names)
    found: dict[cst.ImportAlias, Binding] = {}
    for scope, name in names:
        for binding in usages.meanings.lookup(scope, name):
            if binding.alias is not None:
                found[binding.alias] = binding
    return found
