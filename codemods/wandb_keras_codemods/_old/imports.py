"""What the usages of a module ask of its imports: new names, the old class, a moved module."""

from __future__ import annotations

import ast
from collections import defaultdict

from wandb_keras_codemods._old.import_lines import ALONE, Lines
from wandb_keras_codemods._old.scopes import Binding, Scopes
from wandb_keras_codemods._old.source import Source
from wandb_keras_codemods._old.usages import ModuleUse, Reference, Usages
from wandb_keras_codemods.legacy.names import (
    CLASS,
    CLASS_NAMES,
    COMPAT,
    HOMES,
    MODULES,
    OLD_MODULES,
    TRIO,
    UPSTREAM,
)


class Imports:
    """What the usages of one module ask of its imports.

    Args:
        source: The module.
        scopes: Its scopes.
        usages: Its legacy usages.
        target: The target.
        fallback: Whether what stays legacy comes from wandb_keras_compat.
    """

    def __init__(
        self, source: Source, scopes: Scopes, usages: Usages, target: str, fallback: bool
    ) -> None:
        self._source = source
        self._scopes = scopes
        self.target = target
        self.home = HOMES[target]
        self.fallback = fallback or target == "shim"
        self.needs: dict[Binding, dict[str, None]] = defaultdict(dict)
        self.kept: set[Binding] = set()
        self.moved: set[Binding] = set()
        self.extras: dict[ast.AST, Lines] = defaultdict(Lines)
        self.stars: dict[str, None] = {}
        self.star_kept = False
        self._module_uses: dict[Binding, list[ModuleUse]] = defaultdict(list)
        for use in usages.modules:
            self._module_uses[use.binding].append(use)

    # what the usages ask for

    def provide(self, reference: Reference, names: tuple[str, ...]) -> str:
        """Provide replacements where the legacy class was; return the prefix of their names."""
        kind = self._kind(reference)
        if kind == "call":
            return self._with_module(reference, self.home) + "."
        if kind == "star":
            self.stars.update(dict.fromkeys(names))
            return ""
        if kind == "class":
            for binding in reference.bindings:
                self.needs[binding].update(dict.fromkeys(names))
            return ""
        if kind == "module" and (self.home == UPSTREAM or self._movable(reference)):
            self.moved.update(reference.bindings)
            return self._owner(reference) + "."
        if kind == "dotted" and self.home == UPSTREAM:
            return f"{self._source.text_of(reference.root)}.integration.keras."
        for statement in self._statements(reference):
            if kind in ("dotted", "module"):
                self.extras[statement].add(ALONE, COMPAT)
            else:
                for name in sorted(names):
                    self.extras[statement].add(self.home, name)
        return f"{COMPAT}." if kind in ("dotted", "module") else ""

    def keep(self, reference: Reference) -> str | None:
        """Keep the legacy class; return its new text when the reference must change."""
        kind = self._kind(reference)
        if kind == "star":
            self.star_kept = True
        if kind == "class":
            self.kept.update(reference.bindings)
        if kind in ("star", "class") or not self.fallback:
            return None
        if kind == "call":
            return f"{self._with_module(reference, COMPAT)}.{CLASS}"
        if kind == "module" and self.home == COMPAT and self._movable(reference):
            self.moved.update(reference.bindings)
            return f"{self._owner(reference)}.{CLASS}"
        if not reference.certain or any(binding.declared for binding in reference.bindings):
            return None
        for statement in self._statements(reference):
            self.extras[statement].add(ALONE, COMPAT)
        return f"{COMPAT}.{CLASS}"

    def provides(self, name: str) -> bool:
        """Whether a name is one of those that are imported from the replacements' home."""
        extra = ((name, None) in lines.groups.get(self.home, {}) for lines in self.extras.values())
        return any(name in names for names in (*self.needs.values(), self.stars)) or any(extra)

    def taken(self, reference: Reference, names: tuple[str, ...]) -> str | None:
        """Say why the names cannot be imported where the old one is; None when they can."""
        if self._kind(reference) not in ("class", "star", "plain"):
            return None
        if any(binding.declared for binding in reference.bindings):
            return "its import binds a name of another scope"
        assert isinstance(reference.root, ast.Name)
        scope = self._scopes.scope_of[reference.root]
        homes = {UPSTREAM, COMPAT, *OLD_MODULES}
        for name in names:
            scopes = [scope, *(binding.scope for binding in reference.bindings)]
            found = [binding for where in scopes for binding in self._scopes.lookup(where, name)]
            if any(
                binding.qualified not in {f"{home}.{name}" for home in homes} for binding in found
            ):
                return f"{name} already means something else here"
        return None

    def after(self, reference: Reference) -> ast.AST | None:
        """Return the statement behind which code that needs the names can stand."""
        kind = self._kind(reference)
        if kind == "star":
            homes = [star for star in self._scopes.stars if star.module in MODULES]
            return homes[0] if len(homes) == 1 else None
        statements = {binding.node: None for binding in reference.bindings}
        return next(iter(statements)) if kind != "call" and len(statements) == 1 else None

    def extra(self, statement: ast.AST, module: str | None, name: str) -> None:
        """Import one more name behind a statement."""
        self.extras[statement].add(module, name)

    def _kind(self, reference: Reference) -> str:
        """Say through what a class is reached: class, star, module, dotted, plain or call."""
        if not isinstance(reference.root, ast.Name):
            return "call"
        paths = {binding.qualified for binding in reference.bindings}
        if reference.node is reference.root:
            return "class" if reference.bindings else "star"
        if paths & MODULES:
            return "module"
        dotted = any(
            binding.alias is not None and binding.alias.name in MODULES
            for binding in reference.bindings
        )
        return "dotted" if dotted else "plain"

    def _owner(self, reference: Reference) -> str:
        node = reference.node
        owner = node.args[0] if isinstance(node, ast.Call) else getattr(node, "value", node)
        return self._source.text_of(owner)

    def _with_module(self, reference: Reference, module: str) -> str:
        """Return ``importlib.import_module("...")`` for another module."""
        call = reference.root
        assert isinstance(call, ast.Call)
        start, _ = self._source.span(call)
        left, right = self._source.span(call.args[0])
        _, end = self._source.span(call)
        text = self._source.text
        return f'{text[start:left]}"{module}"{text[right:end]}'

    def _movable(self, reference: Reference) -> bool:
        """Whether all that is read from a module's names is offered by wandb_keras_compat."""
        return all(
            use.member is None or use.member in CLASS_NAMES | TRIO
            for binding in reference.bindings
            for use in self._module_uses[binding]
        )

    def _statements(self, reference: Reference) -> list[ast.AST]:
        """Return the imports behind which more can be imported for a reference."""
        bound = [b for b in reference.bindings if b.alias is not None or b.qualified]
        for binding in bound:
            if binding.node in getattr(binding.scope.node, "body", ()):
                return [binding.node]
        return [binding.node for binding in bound]
