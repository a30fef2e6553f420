"""Edit imports where they stand: the class by what its uses need, the trio by its new home."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cached_property
from typing import Callable, Collection

import libcst as cst
from libcst.metadata import ClassScope, Scope

from wandb_keras_codemods.find.meanings import Binding, bound, from_module
from wandb_keras_codemods.find.module import Module
from wandb_keras_codemods.find.strings import string
from wandb_keras_codemods.find.suspicions import in_code_texts
from wandb_keras_codemods.find.usages import Usages
from wandb_keras_codemods.findings import Finding
from wandb_keras_codemods.legacy.names import (
    CLASS,
    CLASS_NAMES,
    COMPAT,
    LEGACY,
    MODULES,
    OLD_MODULES,
    OUR_MODULES,
    OURS,
    TRIO,
    UPSTREAM,
)

from .layout import Layout, all_notes
from .needs import ALONE, Key, Names, Needs
from .statements import Statements
from .written import written

Import = cst.BaseSmallStatement


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
        self._bindings = _by_alias(module, usages)
        self.paths: dict[cst.BaseExpression, str] = {}  # strings that name another module now
        self.findings: list[Finding] = []

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
                names = self._plain(statement)
            else:
                self._imported(statement)
            extra = self._needs.extras.get(statement, Names())
            if names is None:
                inserted[statement] = extra
                continue
            for module, given in extra.groups.items():
                for name, asname in given:
                    names.add(module, name, asname, new=True)
            planned[statement] = names
        self._drop_repeated(planned, inserted)
        for statement, names in planned.items():
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
            return self._from_wandb(statement, module)
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
                names.add(self._trio_home(module, name), name, asname)
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
            elif not self._replaced_all(alias, statement):
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

    def _replaced_all(self, alias: cst.ImportAlias, statement: Import) -> bool:
        """Whether all uses of an imported module of ours were replaced by imported names."""
        binding = self._bindings.get(alias)
        replaced = self._needs.replaced.get(binding) if binding is not None else None
        if not replaced or binding in self._needs.kept or self._public(bound(alias), statement):
            return False
        assert binding is not None
        return set(self._usages.reads(binding)) <= replaced

    def _class(
        self, names: Names, statement: cst.ImportFrom, module: str, alias: cst.ImportAlias
    ) -> None:
        binding = self._bindings.get(alias)
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
                names.add(COMPAT, CLASS, name, exported=exported)
            else:
                names.add(module, alias.evaluated_name, alias.evaluated_alias)
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
        public = self._public(CLASS, statement)
        if public and self._needs.fallback:
            names.add(UPSTREAM, "*")
            names.add(COMPAT, CLASS, new=True)
        elif module == UPSTREAM and not self._needs.stars and not self._needs.star_kept:
            return None
        if self._needs.star_kept and not self._needs.fallback:
            return None
        for name in dict.fromkeys([*sorted(self._needs.stars), *self._star_trio]):
            names.add(self._needs.home, name)
        if self._needs.star_kept:
            names.add(COMPAT, CLASS)
        if not names.groups:
            names.add(UPSTREAM, "*")
        self._say(statement, "WKM102", f"import from {' and '.join(map(str, names.groups))}")
        return names

    def _from_wandb(self, statement: cst.ImportFrom, module: str) -> Names | None:
        """Return what ``from wandb import keras`` becomes."""
        if isinstance(statement.names, cst.ImportStar):
            return None
        names = Names()
        changed = False
        for alias in statement.names:
            binding = self._bindings.get(alias)
            name, asname = alias.evaluated_name, alias.evaluated_alias
            old = f"{module}.{name}"
            if old not in MODULES:
                names.add(module, name, asname)
            elif binding in self._needs.moved and self._needs.home == COMPAT:
                changed = True
                names.add(None, COMPAT, asname or name)
            elif old == "wandb.wandb_keras" or (binding in self._needs.moved and old != UPSTREAM):
                changed = True
                names.add("wandb.integration", "keras", asname or name)
            else:
                names.add(module, name, asname)
        if not changed:
            return None
        self._say(statement, "WKM102", f"import from {self._needs.home}")
        return names

    def _plain(self, statement: cst.Import) -> Names | None:
        """Return what ``import wandb.keras`` becomes."""
        names = Names()
        changed = False
        for alias in statement.names:
            name, asname = alias.evaluated_name, alias.evaluated_alias
            if name in OUR_MODULES and self._replaced_all(alias, statement):
                changed = True
                continue
            if name == COMPAT and asname and self._bindings.get(alias) in self._needs.moved:
                changed |= self._needs.home != name
                names.add(None, self._needs.home, asname)
                continue
            if name not in MODULES:
                names.add(None, name, asname)
                continue
            binding = self._bindings.get(alias)
            new = name
            if asname is None:
                if name in OLD_MODULES:
                    new = "wandb" if self._replaced(binding, statement) else UPSTREAM
                    if new == "wandb" and self._bound_before(statement):
                        changed = True
                        continue
            elif binding in self._needs.moved:
                new = self._needs.home
            elif name in OLD_MODULES:
                new = UPSTREAM
            changed |= new != name
            names.add(None, new, asname)
        if not changed:
            return None
        listed = [name for name, _ in names.groups.get(None, {})]
        told = f"import of {', '.join(listed)}" if listed else "import left out"
        extra = self._needs.extras.get(statement, Names())
        if not listed and extra.groups:
            told = f"import from {', '.join(_modules(extra))}"
        self._say(statement, "WKM102", told)
        return names

    def _replaced(self, binding: Binding | None, statement: Import) -> bool:
        """Whether all that is read from a module comes from elsewhere now."""
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

    def _bound_before(self, statement: Import) -> bool:
        """Whether ``import wandb`` stands before an import of a module of wandb, in its block."""
        first = self._plain_imports.get(self._module.parent(self._module.parent(statement)))
        return first is not None and self._module.order(first) < self._module.order(statement)

    @cached_property
    def _plain_imports(self) -> dict[cst.CSTNode, Import]:
        """The first ``import wandb`` of each block."""
        found: dict[cst.CSTNode, Import] = {}
        for each in self._usages.imports:
            if isinstance(each, cst.Import) and any(
                alias.evaluated_name == "wandb" and alias.asname is None for alias in each.names
            ):
                found.setdefault(self._module.parent(self._module.parent(each)), each)
        return found

    def _imported(self, statement: Import) -> None:
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

    # telling and replacing

    def _say(self, statement: Import, code: str, message: str, hint: str = "") -> None:
        self.findings.append(self._module.finding(statement, code, message, hint))

    def _replace(self, statement: Import, names: Names) -> None:
        unit, block = self._layout.unit(statement), self._layout.block(statement)
        notes = all_notes(statement) if names.groups else []
        self._statements.replace(statement, written(names.groups, block, unit), notes)

    def _insert(self, statement: Import, names: Names) -> None:
        told = ", ".join(_modules(names))
        self._say(statement, "WKM102", f"added imports from {told}")
        unit, block = self._layout.unit(statement), self._layout.block(statement)
        self._statements.insert_behind(statement, written(names.groups, block, unit))

    def _drop_repeated(self, planned: dict[Import, Names], inserted: dict[Import, Names]) -> None:
        """Leave out what an import before, or one right behind, in the same block imports too."""
        blocks: dict[cst.CSTNode, list[Import]] = defaultdict(list)
        for each in self._usages.imports:
            blocks[self._module.parent(self._module.parent(each))].append(each)
        for block in blocks.values():
            before: set[Key] = set()
            for run in self._runs(block):
                here = [planned.get(each) or self._as_it_is(each) for each in run]
                behind = Counter(key for names in here for key in names.keys(own=True))
                for statement, names in zip(run, here):
                    for key in names.keys(own=True):
                        behind[key] -= 1
                        if not behind[key]:
                            del behind[key]
                    added = inserted.get(statement, Names())
                    for new in (names, added):
                        new.drop(before, behind)
                    before |= names.keys() | added.keys()

    def _runs(self, statements: list[Import]) -> list[list[Import]]:
        """Group the imports of a block between which stands nothing but imports."""
        block = self._module.parent(self._module.parent(statements[0]))
        body = block.body if isinstance(block, (cst.Module, cst.IndentedBlock)) else ()
        run_of: dict[cst.CSTNode, int] = {}
        others = 0
        for line in body:
            smalls = line.body if isinstance(line, cst.SimpleStatementLine) else [line]
            if all(isinstance(small, (cst.Import, cst.ImportFrom)) for small in smalls):
                run_of[line] = others
            else:
                others += 1
        runs: dict[object, list[Import]] = defaultdict(list)
        for statement in statements:
            runs[run_of.get(self._module.parent(statement), statement)].append(statement)
        return list(runs.values())

    def _as_it_is(self, statement: Import) -> Names:
        names = Names()
        assert isinstance(statement, (cst.Import, cst.ImportFrom))
        if isinstance(statement.names, cst.ImportStar):
            return names
        module = from_module(statement) if isinstance(statement, cst.ImportFrom) else None
        for alias in statement.names:
            names.add(module, alias.evaluated_name, alias.evaluated_alias)
        return names


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


def _modules(names: Names) -> dict[str, None]:
    found: list[str] = []
    for module, given in names.groups.items():
        found += [name for name, _ in given] if module == ALONE else [str(module)]
    return dict.fromkeys(found)
