"""Edit imports where they stand: the class by what its uses need, the trio by its new home."""

from __future__ import annotations

from typing import Callable, Collection

import libcst as cst

from wandb_keras_codemods.find.behind import guard_of
from wandb_keras_codemods.find.lookups import in_code_texts
from wandb_keras_codemods.find.meanings import bound, from_module
from wandb_keras_codemods.find.module import Module
from wandb_keras_codemods.find.usages import Usages
from wandb_keras_codemods.findings import Finding
from wandb_keras_codemods.legacy.names import (
    CLASS,
    CLASS_NAMES,
    COMPAT,
    LEGACY,
    MODULES,
    OF_2018,
    OLD_MODULES,
    OUR_MODULES,
    OURS,
    TRIO,
    UPSTREAM,
)

from .layout import Layout, all_notes
from .module_imports import ModuleImports
from .needs import Names, Needs
from .repeated import drop_repeated
from .statements import Statements
from .written import written

Import = cst.BaseSmallStatement
_OF_OURS = "Import it from wandb_keras_compat, or migrate those that use it by hand."


class Imports:
    """Edits all import statements of a module.

    Args:
        module: The module.
        usages: Its legacy usages.
        needs: What the usages need.
        statements: Takes what becomes of statements.
        layout: Measures lines.
        frozen: Imports that stay as they are.
        public: Tells whether others may import a name from this module.
    """

    def __init__(
        self,
        module: Module,
        usages: Usages,
        needs: Needs,
        statements: Statements,
        layout: Layout,
        frozen: Collection[Import],
        public: Callable[[str, Import], bool],
    ) -> None:
        self._module = module
        self._usages = usages
        self._needs = needs
        self._statements = statements
        self._layout = layout
        self._frozen = frozen
        self._public = public
        self._star_trio = [n.value for n in usages.star_names if n.value in TRIO]
        self.findings: list[Finding] = []
        self._modules = ModuleImports(module, usages, needs, public, self._say)
        self.paths = self._modules.paths  # strings that name another module now

    def edit(self) -> None:
        """Say what becomes of every import."""
        planned: dict[Import, Names] = {}
        inserted: dict[Import, Names] = {}
        statements = dict.fromkeys([*self._usages.imports, *self._assigned()])
        for statement in sorted(statements, key=self._module.order):
            if statement in self._frozen:
                continue
            names: Names | None = None
            if isinstance(statement, cst.ImportFrom):
                names = self._from(statement)
            elif isinstance(statement, cst.Import):
                names = self._modules.plain(statement)
            else:
                self._modules.assigned(statement)
            extra = self._needs.extras.get(statement, Names())
            if names is None:
                inserted[statement] = extra
                continue
            for module, given in extra.groups.items():
                for name, asname in given:
                    names.add(module, name, asname, new=True)
            planned[statement] = names
        drop_repeated(self._module, self._usages, planned, inserted)
        for statement, names in planned.items():
            if not names.groups:
                self._say_instead(statement, "import left out")
            elif isinstance(statement, cst.Import):
                word = "of" if None in names.groups else "from"
                self._say_instead(statement, f"import {word} {', '.join(names.modules)}")
            self._replace(statement, names)
        for statement, names in inserted.items():
            if names.groups:
                self._insert(statement, names)

    def _assigned(self) -> list[Import]:
        """Return the assignments of imported modules."""
        found: set[cst.CSTNode | None] = {use.binding.statement for use in self._usages.modules}
        found.update(self._needs.extras)
        for reference in self._usages.references:
            found.update(binding.statement for binding in reference.bindings)
        for call in self._module.all(cst.Call):
            parent = self._module.parent(call)
            assigned = isinstance(parent, (cst.Assign, cst.AnnAssign))
            if assigned and self._usages.meanings.qualified(call) & MODULES:
                found.add(parent)
        return [s for s in found if isinstance(s, (cst.Assign, cst.AnnAssign))]

    # what one import becomes; None where it stays

    def _from(self, statement: cst.ImportFrom) -> Names | None:
        module = from_module(statement)
        if module in ("wandb", "wandb.integration"):
            return self._modules.from_wandb(statement, module)
        if module in OUR_MODULES and self._needs.target != "shim":
            return self._from_ours(statement, module)
        if module not in MODULES and module != f"{UPSTREAM}.keras":
            return None
        if isinstance(statement.names, cst.ImportStar):
            return self._star(statement, module)
        names, before = Names(), Names()
        for alias in statement.names:
            name, asname = alias.evaluated_name, alias.evaluated_alias
            before.add(module, name, asname)
            if f"{module}.{name}" in LEGACY:
                self._class(names, statement, module, alias)
            elif name in TRIO:
                home = self._trio_home(module, name)
                names.add(home, name, asname, new=home != module)
            else:
                names.add(module, name, asname)
                if module in OLD_MODULES:
                    self._say(
                        statement, "WKM418", f"{name} of {module}",
                        "Look for it in wandb.integration.keras, or do without.",
                    )  # fmt: skip
        if list(names.groups.items()) == list(before.groups.items()):
            return None
        if names.groups:
            self._say(statement, "WKM102", f"import from {' and '.join(map(str, names.groups))}")
        return names

    def _from_ours(self, statement: cst.ImportFrom, module: str) -> Names | None:
        """Return what ``from wandb_keras_compat import WandbCallback`` becomes."""
        if isinstance(statement.names, cst.ImportStar):
            return None
        names, changed = Names(), False
        for alias in statement.names:
            name = f"{module}.{alias.evaluated_name}"
            before = names.keys()
            if name in OURS:
                self._class(names, statement, module, alias)
            elif not self._modules.replaced_all(alias, statement):
                given = alias.evaluated_alias
                names.add(module, alias.evaluated_name, given, exported=given == bound(alias))
            own = (module, alias.evaluated_name, alias.evaluated_alias)
            changed |= names.keys() - before != {own}
        if not changed:
            return None
        if names.groups:
            self._say(statement, "WKM102", f"import from {' and '.join(map(str, names.groups))}")
        elif statement in self._needs.extras:
            self._say(statement, "WKM102", f"import from {self._needs.home}")
        return names

    def _class(
        self, names: Names, statement: cst.ImportFrom, module: str, alias: cst.ImportAlias
    ) -> None:
        binding = self._modules.bindings.get(alias)
        name = bound(alias)
        needed = self._needs.names.get(binding, {}) if binding is not None else {}
        for each in sorted(needed):
            home = COMPAT if each == "WandbCallbackList" else self._needs.home
            if self._means(statement, each, f"{COMPAT}.{each}"):
                home = COMPAT  # it is there already, and takes the same arguments
            names.add(home, each, new=True)
        shim = self._needs.target == "shim"
        texts = [] if shim else in_code_texts(self._module, name)
        for text in texts:
            self.findings.append(
                self._module.finding(
                    text, "WKM422", f"{name} in code that is a text", "Migrate it by hand."
                )
            )
        kept = texts or binding in self._needs.kept
        if shim or kept or self._public(name, statement):
            exported = alias.evaluated_alias == name
            if module in OUR_MODULES:
                names.add(module, CLASS, name, exported=exported)
            elif self._needs.fallback:
                names.add(COMPAT, CLASS, name, exported=exported, new=True)
            else:
                names.add(module, alias.evaluated_name, alias.evaluated_alias)
                if not kept:
                    self._say(statement, "WKM405", f"{name} is there for other files", _OF_OURS)
        elif not needed and guard_of(self._module, statement) is not None:
            # it asks whether the callback is there
            if self._needs.home == COMPAT:
                names.add(COMPAT, CLASS, name)
            else:
                names.add(UPSTREAM, "WandbMetricsLogger", new=True)
        elif not needed:
            unused = binding is None or binding not in self._needs.names
            said = f"{name} was imported and never used" if unused else "import left out"
            self._say(statement, "WKM207" if unused else "WKM102", said)

    def _means(self, statement: Import, name: str, meaning: str) -> bool:
        """Whether a name is bound to something where a statement stands."""
        scope = self._module.scope(statement)
        found = () if scope is None else self._usages.meanings.lookup(scope, name)
        return any(binding.meaning == meaning for binding in found)

    def _trio_home(self, module: str, name: str) -> str:
        if module in OLD_MODULES:
            return self._needs.home
        return COMPAT if self._needs.target == "compat" and self._needs.provides(name) else module

    def _star(self, statement: cst.ImportFrom, module: str) -> Names | None:
        names = Names()
        offered = sorted(CLASS_NAMES) if module == OF_2018 else [CLASS]
        public = [name for name in offered if self._public(name, statement)]
        kept = self._needs.star_kept if self._needs.fallback else {}
        if self._needs.star_kept and not self._needs.fallback:
            if module == self._needs.home or not self._needs.stars:
                return None
            names.add(module, "*")
        elif public and self._needs.fallback:
            names.add(UPSTREAM, "*")
            for name in public:
                names.add(COMPAT, CLASS, name, new=True)
        elif module == UPSTREAM and not self._needs.stars and not kept:
            return None
        if public and not self._needs.fallback:
            self._say(statement, "WKM405", f"{public[0]} is there for other files", _OF_OURS)
        for name in dict.fromkeys([*sorted(self._needs.stars), *self._star_trio]):
            names.add(self._needs.home, name, new=True)
        for name in kept:
            names.add(COMPAT, CLASS, name, new=True)
        if not names.groups:
            names.add(UPSTREAM, "*")
        self._say(statement, "WKM102", f"import from {' and '.join(map(str, names.groups))}")
        return names

    # telling and replacing

    def _say(self, statement: Import, code: str, message: str, hint: str = "") -> None:
        self.findings.append(self._module.finding(statement, code, message, hint))

    def _say_instead(self, statement: Import, message: str) -> None:
        """Say what is left of an import that another repeats, too."""
        gone = self._module.finding(statement, "WKM102", message)
        place = gone.code, gone.line, gone.column
        self.findings = [
            gone if (found.code, found.line, found.column) == place else found
            for found in self.findings
        ]

    def _replace(self, statement: Import, names: Names) -> None:
        unit, block = self._layout.unit(statement), self._layout.block(statement)
        notes = all_notes(statement) if names.groups else []
        self._statements.replace(statement, written(names.groups, block, unit), notes)

    def _insert(self, statement: Import, names: Names) -> None:
        told = ", ".join(names.modules)
        self._say(statement, "WKM102", f"added imports from {told}")
        unit, block = self._layout.unit(statement), self._layout.block(statement)
        self._statements.insert_behind(statement, written(names.groups, block, unit))
