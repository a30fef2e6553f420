"""Find each reference to the legacy class, by scope and never by spelling."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from wandb_keras_codemods._old.scopes import LOCAL, NONE, Binding, Scopes
from wandb_keras_codemods._old.source import Source
from wandb_keras_codemods.legacy.names import CLASS_NAMES, LEGACY, MODULES, is_legacy

_OTHER_STARS = ("wandb", "fastai", "transformers")  # may define a WandbCallback of their own


@dataclass(eq=False)
class Reference:
    """An expression that is, or may be, the legacy class.

    Args:
        node: The expression, such as ``WandbCallback`` or ``wandb.keras.WandbCallback``.
        root: Its first name, or the call of importlib.import_module.
        bindings: What binds the root; empty for a star import.
        names: The qualified names it may have.
    """

    node: ast.expr
    root: ast.expr
    bindings: tuple[Binding, ...]
    names: frozenset[str]

    @property
    def certain(self) -> bool:
        """Whether it is the legacy class whichever way the program went."""
        return is_legacy(self.names - {NONE})


@dataclass(eq=False)
class ModuleUse:
    """A use of the module that held the legacy class.

    Args:
        node: The expression that is the module.
        binding: What binds its first name.
        member: The name that is read from it; None when the module is used as a value.
    """

    node: ast.expr
    binding: Binding
    member: str | None


@dataclass(frozen=True)
class Usages:
    """Everything in a module that touches the legacy class or its old homes."""

    references: tuple[Reference, ...]
    modules: tuple[ModuleUse, ...]
    star_names: tuple[ast.Name, ...]


def find(source: Source, scopes: Scopes) -> Usages:
    """Find the legacy usages of a module."""
    references: list[Reference] = []
    modules: list[ModuleUse] = []
    roots: dict[ast.expr, tuple[Binding, ...]] = {}
    for binding in scopes.imports:
        path = binding.qualified or ""
        if path in LEGACY or path in MODULES or path in ("wandb", "wandb.integration"):
            for name in binding.references:
                roots.setdefault(name, tuple(scopes.bindings(name)))
    if "import_module" in source.text:
        for node in source.parents:
            if isinstance(node, ast.Call):
                names = scopes.qualified(node)
                if names and names <= MODULES:
                    roots.setdefault(node, ())
    for root, bindings in roots.items():
        _climb(root, bindings, source, scopes, references, modules)
    star_names = _through_star(scopes, references)
    references.sort(key=lambda reference: (reference.node.lineno, reference.node.col_offset))
    return Usages(tuple(references), tuple(modules), tuple(star_names))


def _climb(
    root: ast.expr,
    bindings: tuple[Binding, ...],
    source: Source,
    scopes: Scopes,
    references: list[Reference],
    modules: list[ModuleUse],
) -> None:
    """Follow ``root.a.b`` and ``getattr(root, "a")`` up to the class or the module."""
    node: ast.AST = root
    while True:
        assert isinstance(node, ast.expr)
        names = scopes.qualified(node)
        if names & LEGACY:
            references.append(Reference(node, root, bindings, names))
            return
        parent = source.parent(node)
        member = _member(parent, node)
        if names & MODULES and bindings and not (_assigned_module(parent, node)):
            modules += [ModuleUse(node, binding, member) for binding in bindings]
        if member is None:
            return
        node = parent


def _assigned_module(parent: ast.AST, node: ast.expr) -> bool:
    return isinstance(parent, ast.Assign) and parent.value is node and isinstance(node, ast.Call)


def _member(parent: ast.AST, node: ast.AST) -> str | None:
    if isinstance(parent, ast.Attribute):
        return parent.attr
    if not isinstance(parent, ast.Call) or len(parent.args) != 2 or parent.args[0] is not node:
        return None
    name = getattr(parent.args[1], "value", None)
    asked = isinstance(parent.func, ast.Name) and parent.func.id == "getattr"
    return name if asked and isinstance(name, str) else None


def _through_star(scopes: Scopes, references: list[Reference]) -> list[ast.Name]:
    """Take a name that nothing binds for the class when only a legacy star import can bind it."""
    homes = [star.module or "" for star in scopes.stars if star.level == 0]
    legacy = [home for home in homes if home in MODULES]
    if not legacy:
        return []
    names = frozenset(f"{home}.{{}}" for home in legacy)
    for home in homes:
        if home not in MODULES and home.split(".")[0] in _OTHER_STARS:
            names |= {LOCAL}
    for name in scopes.unresolved:
        if name.id in CLASS_NAMES:
            meant = frozenset(path.format(name.id) for path in names)
            references.append(Reference(name, name, (), meant))
    return scopes.unresolved
