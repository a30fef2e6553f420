"""What the usages of a module need from its imports: new names, the old class, a moved module."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Container, Optional, Tuple

import libcst as cst
from libcst.metadata import ClassScope

from wandb_keras_codemods.find.behind import behind, names_module
from wandb_keras_codemods.find.meanings import Binding
from wandb_keras_codemods.find.module import Module
from wandb_keras_codemods.find.usages import ModuleUse, Reference, Usages
from wandb_keras_codemods.legacy.names import CLASS, CLASS_NAMES, COMPAT, HOMES, TRIO, UPSTREAM

ALONE = ""  # the group of modules that are imported in a statement of their own
Key = Tuple[Optional[str], str, Optional[str]]  # module, name, bound name: ALONE is None here


@dataclass
class Names:
    """Imported names in order: ``from`` module to names, None for ``import``.

    Args:
        groups: The names of each module, and whether the import had them itself.
    """

    groups: dict[str | None, dict[tuple[str, str | None], bool]] = field(default_factory=dict)

    def add(
        self,
        module: str | None,
        name: str,
        asname: str | None = None,
        *,
        exported: bool = False,
        new: bool = False,
    ) -> None:
        """Add one imported name.

        Args:
            module: The module it is imported from.
            name: The name.
            asname: What it is bound to, where that is another name.
            exported: Whether ``import X as X`` says that it is there for others.
            new: Whether the file did not import it here before.
        """
        bound = None if asname == name and not exported else asname
        group = self.groups.setdefault(module, {})
        group[name, bound] = group.get((name, bound), False) or not new

    def keys(self, *, own: bool = False) -> set[Key]:
        """Return what is imported, of it alone what the file imported here before."""
        return {
            (module or None, *given)
            for module, names in self.groups.items()
            for given, before in names.items()
            if before or not own
        }

    @property
    def modules(self) -> list[str]:
        """The modules that are imported, or imported from, each once."""
        found: list[str] = []
        for module, given in self.groups.items():
            found += [module] if module else [name for name, _ in given]
        return list(dict.fromkeys(found))

    def drop(self, *there: Container[Key]) -> None:
        """Leave out what is new and in one of the others."""
        for module, names in list(self.groups.items()):
            left = {
                given: own
                for given, own in names.items()
                if own or not any((module or None, *given) in other for other in there)
            }
            if left:
                self.groups[module] = left
            else:
                del self.groups[module]


class Needs:
    """Collects what the usages of one module need.

    Args:
        module: The module.
        usages: Its legacy usages.
        target: The target.
        fallback: Whether what stays legacy comes from wandb_keras_compat.
    """

    def __init__(self, module: Module, usages: Usages, target: str, fallback: bool) -> None:
        self._module = module
        self._usages = usages
        self.target = target
        self.home = HOMES[target]
        self.fallback = fallback or target == "shim"
        self.names: dict[Binding, dict[str, None]] = defaultdict(dict)
        self.kept: set[Binding] = set()
        self.moved: set[Binding] = set()
        self.left: set[Binding] = set()  # modules that are read as before
        self.extras: dict[cst.BaseSmallStatement, Names] = defaultdict(Names)
        self.replaced: dict[Binding, set[cst.CSTNode]] = defaultdict(set)
        self.stars: dict[str, None] = {}
        self.star_kept: dict[str, None] = {}
        self._module_uses: dict[Binding, list[ModuleUse]] = defaultdict(list)
        for use in usages.modules:
            self._module_uses[use.binding].append(use)

    def provide(self, reference: Reference, names: tuple[str, ...]) -> cst.BaseExpression | None:
        """Provide replacements where the legacy class was; return what they are read from."""
        kind = reference.kind
        home = self.home if "WandbCallbackList" not in names else COMPAT
        if kind == "call":
            return _with_module(reference, home)
        if kind == "star" and reference.ours:
            self._beside_star(reference, home, names)
            return None
        if kind == "star":
            self.stars.update(dict.fromkeys(names))
            return None
        if kind == "ours" and home == COMPAT and reference.rooted:
            return reference.root
        if kind == "ours":
            self._replace(reference)
        if kind == "class":
            for binding in reference.bindings:
                self.names[binding].update(dict.fromkeys(names))
            return None
        fixed = kind == "module" and self._of_class(reference)
        if kind == "module" and not fixed and (home == UPSTREAM or self._movable(reference)):
            self.moved.update(reference.bindings)
            return reference.owner
        if kind == "dotted" and home == UPSTREAM and reference.loaded:
            self.moved.update(reference.bindings)
            return cst.parse_expression(f"{self._module.text(reference.root)}.integration.keras")
        by_module = kind in ("dotted", "module") or self._usages.overridden(reference)
        for statement in behind(self._module, reference.root, reference.bindings):
            if by_module and home == COMPAT:
                self.extras[statement].add(ALONE, COMPAT, new=True)
            else:
                for name in sorted(names):
                    self.extras[statement].add(home, name, new=True)
        return cst.Name(COMPAT) if by_module and home == COMPAT else None

    def _beside_star(self, reference: Reference, home: str, names: tuple[str, ...]) -> None:
        """Provide replacements of what a star import of wandb_keras_compat gives."""
        star = self._usages.after(reference)
        if home != COMPAT and star is not None:
            for name in sorted(names):
                self.extras[star].add(home, name, new=True)

    def keep(self, reference: Reference) -> cst.BaseExpression | None:
        """Keep the legacy class; return what stands for the reference when it must change."""
        kind = reference.kind
        if reference.ours:
            self.kept.update(reference.bindings)
            return None
        if kind == "star":
            self.star_kept[cst.ensure_type(reference.root, cst.Name).value] = None
        if kind in ("class", "text"):
            self.kept.update(reference.bindings)
        if kind in ("star", "class", "text"):
            return None
        if not self.fallback:
            return self._of_today(reference)
        if kind == "call":
            return cst.Attribute(_with_module(reference, COMPAT), cst.Name(CLASS))
        movable = self._movable(reference) and not self._of_class(reference)
        if kind == "module" and self.home == COMPAT and movable:
            self.moved.update(reference.bindings)
            return cst.Attribute(reference.owner.deep_clone(), cst.Name(CLASS))
        if not reference.certain:
            return None
        if any(binding.declared for binding in reference.bindings) or self.taken(reference):
            return self._of_today(reference)
        for statement in behind(self._module, reference.root, reference.bindings):
            self.extras[statement].add(ALONE, COMPAT, new=True)
        self._replace(reference)
        return cst.Attribute(cst.Name(COMPAT), cst.Name(CLASS))

    def taken(self, reference: Reference) -> bool:
        """Whether the name of our package means something else where a reference stands."""
        scopes = [self._module.scope(reference.root), *(b.scope for b in reference.bindings)]
        found = [
            binding
            for scope in scopes
            if scope is not None
            for binding in self._usages.meanings.lookup(scope, COMPAT)
        ]
        return any(binding.meaning != COMPAT for binding in found)

    def _of_today(self, reference: Reference) -> cst.BaseExpression | None:
        """Keep the class where wandb has it today; return the name it has there, if it changes."""
        self.kept.update(reference.bindings)
        owner = reference.owner
        of_2018 = any("Keras" in name or "wandb_keras" in name for name in reference.names)
        if reference.kind == "dotted":
            moves = of_2018 or all(map(names_module, reference.bindings))
            if (self.fallback and self.home == COMPAT) or not moves:
                self.left.update(reference.bindings)
                return None
            owner = cst.parse_expression(f"{self._module.text(reference.root)}.integration.keras")
        elif reference.kind != "module" or not of_2018:
            return None
        new = cst.Attribute(owner.deep_clone(), cst.Name(CLASS))
        same = self._module.tree.code_for_node(new) == self._module.text(reference.node)
        return None if same else new

    def _replace(self, reference: Reference) -> None:
        """Note that a name is not read any more where the class was read through it."""
        for binding in reference.bindings:
            self.replaced[binding].add(reference.root)

    def provides(self, name: str) -> bool:
        """Whether a name is one of those that are imported from the replacements' home."""
        extra = ((name, None) in names.groups.get(self.home, {}) for names in self.extras.values())
        return any(name in names for names in (*self.names.values(), self.stars)) or any(extra)

    def _movable(self, reference: Reference) -> bool:
        """Whether all that is read from a module's names is offered by wandb_keras_compat."""
        return all(
            use.member is None or use.member in CLASS_NAMES | TRIO
            for binding in reference.bindings
            for use in self._module_uses[binding]
        )

    def _of_class(self, reference: Reference) -> bool:
        """Whether a module is assigned in a class, so that who reads the attribute is not seen."""
        return any(
            isinstance(binding.statement, (cst.Assign, cst.AnnAssign))
            and isinstance(self._module.scope(binding.statement), ClassScope)
            for binding in reference.bindings
        )


def _with_module(reference: Reference, module: str) -> cst.Call:
    """Return ``importlib.import_module("...")`` for another module."""
    call = cst.ensure_type(reference.root, cst.Call)
    named = next(
        (arg for arg in call.args if arg.keyword is not None and arg.keyword.value == "name"),
        call.args[0],
    )
    args = [
        arg.with_changes(value=cst.SimpleString(f'"{module}"')) if arg is named else arg
        for arg in call.args
    ]
    return call.with_changes(args=args)
