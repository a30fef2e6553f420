"""Find each reference to the legacy class and its modules, by scope and never by spelling."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterator

import libcst as cst
from libcst.metadata import ExpressionContext

from wandb_keras_codemods.legacy.names import (
    CLASS_NAMES,
    COMPAT,
    LEGACY,
    MODULES,
    OUR_MODULES,
    OURS,
    is_legacy,
)

from .behind import behind, is_loaded
from .meanings import LOCAL, NONE, Binding, Meanings, bound, from_module, imported
from .module import Module
from .stars import beside_star, is_in_loop

_OTHER_STARS = ("wandb", "fastai", "transformers")  # may define a WandbCallback of their own
_READS = (ExpressionContext.LOAD, ExpressionContext.DEL)
_CLASSES = LEGACY | OURS
_HOMES = MODULES | OUR_MODULES
_ROOTS = _CLASSES | _HOMES | {"wandb", "wandb.integration"}
_INNER = OUR_MODULES - {COMPAT}


@dataclass(eq=False)
class Reference:
    """An expression that is, or may be, the legacy class.

    Args:
        node: The expression, such as ``WandbCallback`` or ``wandb.keras.WandbCallback``; a string
            where an annotation is one.
        root: Its first name, or the call of importlib.import_module.
        bindings: What binds the root; empty for a star import.
        names: The qualified names it may have.
        loaded: Whether the module around it is imported for sure, not its package alone.
    """

    node: cst.BaseExpression
    root: cst.BaseExpression
    bindings: tuple[Binding, ...]
    names: frozenset[str]
    loaded: bool = True

    @property
    def certain(self) -> bool:
        """Whether it is the legacy class whichever way the program went."""
        names = self.names - {NONE}
        mixed = self.kind == "module" and not names <= LEGACY
        inner = any(binding.meaning in _INNER for binding in self.bindings)
        return is_legacy(names) and not (mixed and inner)  # that has the class and no others

    @property
    def ours(self) -> bool:
        """Whether it is the class of wandb_keras_compat whichever way the program went."""
        names = self.names - {NONE}
        return bool(names) and names <= OURS

    @property
    def rooted(self) -> bool:
        """Whether its root is wandb_keras_compat itself, which has all callbacks."""
        return all(binding.meaning == COMPAT for binding in self.bindings)

    @property
    def kind(self) -> str:
        """Through what it is reached: class, star, module, dotted, ours, plain, call or text."""
        if isinstance(self.root, (cst.SimpleString, cst.ConcatenatedString)):
            return "text"
        if not isinstance(self.root, cst.Name):
            return "call"
        if self.node is self.root:
            return "class" if self.bindings else "star"
        if self.ours:
            return "ours"
        if any(binding.meaning in MODULES for binding in self.bindings):
            return "module"
        dotted = any(
            binding.alias is not None and binding.alias.evaluated_name in MODULES
            for binding in self.bindings
        )
        return "dotted" if dotted else "plain"

    @property
    def owner(self) -> cst.BaseExpression:
        """The expression whose member it is; itself for a plain name."""
        if isinstance(self.node, cst.Call):
            return self.node.args[0].value
        return self.node.value if isinstance(self.node, cst.Attribute) else self.node


@dataclass(eq=False)
class ModuleUse:
    """A use of the module that held the legacy class.

    Args:
        node: The expression that is the module.
        binding: What binds its first name.
        member: The name that is read from it; None when the module is used as a value.
    """

    node: cst.BaseExpression
    binding: Binding
    member: str | None


class Usages:
    """Everything in a module that touches the legacy class or its old homes.

    Args:
        module: The module.
        meanings: What its names mean.
    """

    def __init__(self, module: Module, meanings: Meanings) -> None:
        self.module = module
        self.meanings = meanings
        self.imports = [*module.all(cst.Import, cst.ImportFrom)]
        self.imports.sort(key=module.order)
        self.references: list[Reference] = []
        self.modules: list[ModuleUse] = []
        self.star_names: list[cst.Name] = []
        self._names = self._names_of_roots()
        for root, bindings in self._roots().items():
            self._climb(root, bindings)
        self._in_annotation_texts()
        self._through_star()
        self.references.sort(key=lambda reference: module.order(reference.node))

    @property
    def stars(self) -> list[cst.ImportFrom]:
        """The star imports."""
        return [
            node
            for node in self.imports
            if isinstance(node, cst.ImportFrom) and isinstance(node.names, cst.ImportStar)
        ]

    def reads(self, binding: Binding) -> list[cst.Name]:
        """Return the places where a binding's name is read and may have this meaning."""
        return [
            node
            for node in self._loads(frozenset({binding.name}))
            if any(found is binding for found in self.meanings.bindings(node))
        ]

    def after(self, reference: Reference) -> cst.BaseSmallStatement | None:
        """Return the import behind which code that needs what replaces it can stand."""
        kind = reference.kind
        if kind == "star":
            homes = [star for star in self.stars if from_module(star) in _HOMES]
            return homes[0] if len(homes) == 1 else None
        # import wandb alone does not give the module
        named = [b for b in reference.bindings if b.alias and b.alias.evaluated_name in MODULES]
        bindings = named if kind == "dotted" and reference.loaded else reference.bindings
        statements = behind(self.module, reference.root, bindings)
        return statements[0] if kind != "call" and len(statements) == 1 else None

    def overridden(self, reference: Reference) -> bool:
        """Whether a star import below the import of a name may bind the trio again."""
        return not MODULES.isdisjoint(self._stars_below(reference.bindings))

    def _names_of_roots(self) -> frozenset[str]:
        """Return the local names under which the class or a module around it may be known."""
        names = set()
        for statement in self.imports:
            if not isinstance(statement.names, cst.ImportStar):
                for alias in statement.names:
                    if imported(statement, alias) in _ROOTS:
                        names.add(bound(alias))
        for call in self.module.all(cst.Call):
            assign = self.module.parent(call)
            if isinstance(assign, cst.Assign) and self.meanings.qualified(call) & _ROOTS:
                targets = [target.target for target in assign.targets]
                names.update(target.value for target in targets if isinstance(target, cst.Name))
            elif isinstance(assign, cst.AnnAssign) and self.meanings.qualified(call) & _ROOTS:
                names.add(getattr(assign.target, "value", ""))
        return frozenset(names)

    def _loads(self, names: frozenset[str]) -> Iterator[cst.Name]:
        contexts = self.module.contexts
        for node in self.module.all(cst.Name):
            read = node.value in names and contexts.get(node) in _READS
            if read and self._is_expression(node):
                yield node

    def _is_expression(self, node: cst.Name) -> bool:
        parent = self.module.parent(node)
        if isinstance(parent, cst.Attribute) and parent.value is not node:
            return False
        while isinstance(parent, cst.Attribute):
            parent = self.module.parent(parent)
        if isinstance(parent, cst.Param):  # its default is an expression
            return parent.name is not node
        return not isinstance(parent, (cst.ImportFrom, cst.ImportAlias, cst.AsName, cst.NameItem))

    def _roots(self) -> dict[cst.BaseExpression, tuple[Binding, ...]]:
        roots: dict[cst.BaseExpression, tuple[Binding, ...]] = {}
        for name in self._loads(self._names):
            bindings = self.meanings.bindings(name)
            if any(binding.meaning in _ROOTS for binding in bindings):
                roots[name] = self._before(name, bindings)
        for call in self.module.all(cst.Call):
            if call.args and isinstance(call.func, (cst.Name, cst.Attribute)):
                last = call.func.attr if isinstance(call.func, cst.Attribute) else call.func
                if last.value != "getattr" and self.meanings.member_by_name(call) is None:
                    names = self.meanings.qualified(call) - {LOCAL}
                    if names and names <= _HOMES:
                        roots.setdefault(call, ())
        return roots

    def _before(self, name: cst.Name, bindings: tuple[Binding, ...]) -> tuple[Binding, ...]:
        """Leave out the imports that bind a name only after it is read, if others bind it.

        The same import once more stays beside its first.
        """
        if is_in_loop(self.module, name):
            return bindings
        here, order = self.module.scope(name), self.module.order
        before = [b for b in bindings if b.scope is not here or order(b.statement) < order(name)]
        again = {_import_of(binding) for binding in before}
        before += [b for b in bindings if b not in before and _import_of(b) in again]
        if self._beside_star(name) == frozenset() or (
            not before
            and any(
                order(star) < order(name) and from_module(star) in _HOMES for star in self.stars
            )
        ):
            self.star_names.append(name)
            return ()
        return tuple(before) or bindings

    def _climb(self, root: cst.BaseExpression, bindings: tuple[Binding, ...]) -> None:
        """Follow ``root.a.b`` and ``getattr(root, "a")`` up to the class or the module."""
        node = root
        while True:
            names = self.meanings.qualified(node)
            if names & _CLASSES:
                if node is root and not bindings:
                    names &= _CLASSES  # a star gives it; what else binds it stands below
                if node is root and self._starred(bindings):
                    names |= {LOCAL}
                loaded = is_loaded(self.module, root, bindings)
                self.references.append(Reference(node, root, bindings, names, loaded))
                return
            above, member = self._member(node)
            if names & MODULES and bindings and not self._assigned(node):
                self.modules += [ModuleUse(node, binding, member) for binding in bindings]
            if above is None:
                return
            node = above

    def _starred(self, bindings: tuple[Binding, ...]) -> bool:
        """Whether a star import below may put another library's class in the place."""
        others = self._stars_below(bindings) - _HOMES
        return any(home.split(".")[0] in _OTHER_STARS for home in others)

    def _stars_below(self, bindings: tuple[Binding, ...]) -> set[str]:
        """Return the modules of the star imports below one of some imports."""
        starts = [self.module.order(binding.statement) for binding in bindings]
        order = self.module.order
        return {from_module(star) for star in self.stars if any(order(star) > s for s in starts)}

    def _assigned(self, node: cst.BaseExpression) -> bool:
        parent = self.module.parent(node)
        return isinstance(parent, cst.Assign) and isinstance(node, cst.Call)

    def _member(self, node: cst.BaseExpression) -> tuple[cst.BaseExpression | None, str | None]:
        """Return the expression that reads a member of another, and the member's name."""
        parent = self.module.parent(node)
        if isinstance(parent, cst.Attribute):
            return parent, parent.attr.value
        if isinstance(parent, cst.Arg):
            call = self.module.parent(parent)
            found = self.meanings.member_by_name(call) if isinstance(call, cst.Call) else None
            if found is not None and found[0] is node:
                assert isinstance(call, cst.Call)
                return call, found[1]
        return None, None

    def _in_annotation_texts(self) -> None:
        """Take annotations that are strings for references: they are read as code."""
        strings = (cst.SimpleString, cst.ConcatenatedString)
        for scope in {scope for scope in self.module.scopes.values() if scope is not None}:
            for name in self._names:
                for access in scope.accesses[name]:
                    if isinstance(access.node, strings):
                        bindings = self.meanings.lookup(scope, name)
                        names = frozenset(binding.meaning for binding in bindings)
                        if names & _CLASSES:
                            found = Reference(access.node, access.node, bindings, names)
                            self.references.append(found)

    def _through_star(self) -> None:
        """Take a name that nothing else binds before for the class, where a legacy star can."""
        homes = [from_module(star) for star in self.stars]
        legacy = [home for home in homes if home in _HOMES]
        if not legacy:
            return
        names = frozenset(f"{home}.{{}}" for home in legacy)
        for home in homes:
            if home not in legacy and home.split(".")[0] in _OTHER_STARS:
                names |= {LOCAL}
        contexts = self.module.contexts
        for name in self.module.all(cst.Name):
            read = contexts.get(name) is ExpressionContext.LOAD and self._is_expression(name)
            bindings = self.meanings.bindings(name) if read else ()
            others = self._beside_star(name) if bindings else frozenset[str]()
            if not read or others is None or any(b.meaning in _ROOTS for b in bindings):
                continue
            self.star_names.append(name)
            if name.value in CLASS_NAMES:
                meant = others.union(path.format(name.value) for path in names)
                self.references.append(Reference(name, name, (), meant))
        self.star_names.sort(key=self.module.order)

    def _beside_star(self, name: cst.Name) -> frozenset[str] | None:
        if name.value not in CLASS_NAMES:
            return None
        stars = (star for star in self.stars if from_module(star) in _HOMES)
        return beside_star(self.module, name, stars)


def _import_of(binding: Binding) -> str:
    """Return what is imported: of ``import wandb.keras`` the module, though it binds ``wandb``."""
    alias = binding.alias
    if isinstance(binding.statement, cst.Import) and alias is not None and alias.asname is None:
        return alias.evaluated_name
    return binding.meaning
