"""Migrate one module: find the usages, plan each, see where they go, edit, tell what was done."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import Callable

import libcst as cst
from libcst.metadata import ExpressionContext, GlobalScope

from wandb_keras_codemods.find.checkpoints import checkpoints
from wandb_keras_codemods.find.flow import Destination, Flow
from wandb_keras_codemods.find.holders import Holders
from wandb_keras_codemods.find.meanings import Meanings, bound, from_module, imported
from wandb_keras_codemods.find.module import Module
from wandb_keras_codemods.find.project import Project
from wandb_keras_codemods.find.refusal import Note, Refusal
from wandb_keras_codemods.find.stand_ins import stand_in
from wandb_keras_codemods.find.strings import string
from wandb_keras_codemods.find.suspicions import suspicions
from wandb_keras_codemods.find.usages import Reference, Usages
from wandb_keras_codemods.find.words import Words
from wandb_keras_codemods.findings import Finding
from wandb_keras_codemods.findings.pragmas import Pragmas
from wandb_keras_codemods.legacy.names import MODULES, OLD_MODULES
from wandb_keras_codemods.plan.fits import Fits
from wandb_keras_codemods.plan.planning import Planned, Planner, several_meanings

from .exports import Exports
from .generated import generated_class
from .imports import Imports
from .layout import Layout
from .needs import ALONE, Needs
from .placing import LIST, Edit, Placing, leaves
from .statements import Statements


class Rewriting:
    """The migration of one module.

    Args:
        module: The module.
        target: ``"wandb"``, ``"compat"`` or ``"shim"``.
        pragmas: The comments that keep lines as they are.
        project: What other files read.
        fallback: Whether what cannot be migrated imports from wandb_keras_compat.
    """

    def __init__(
        self, module: Module, target: str, pragmas: Pragmas, project: Project, *, fallback: bool
    ) -> None:
        self.module = module
        self.target = target
        self.pragmas = pragmas
        self.edits: dict[cst.CSTNode, Edit] = {}
        self.findings: list[Finding] = []
        self.migrated: list[cst.Call] = []
        self.kept = False
        self._project = project
        self._meanings = Meanings(module)
        self._usages = Usages(module, self._meanings)
        self._needs = Needs(module, self._usages, target, fallback)
        self._layout = Layout(module)
        self._statements = Statements(module, self._layout)
        self._placing = Placing(module, self._layout, self._statements)
        self._tables: dict[cst.BaseSmallStatement, Reference] = {}

    def run(self) -> None:
        """Find, plan, place, edit."""
        if self._stood_in_for():
            self.findings += suspicions(self.module, self._usages)
            return
        frozen = self._frozen_imports()
        references = [
            reference
            for reference in self._usages.references
            if not any(binding.statement in frozen for binding in reference.bindings)
        ]
        calls = [c for c in map(self._call, references) if c is not None]
        holders = Holders(self.module, Words(self.module))
        flow = Flow(holders, calls, self._project)
        fits = Fits(self.module, flow)
        planner = Planner(holders, self._usages, self.target, fits.seen, self._project)
        planned: dict[cst.Call, Planned] = {}
        for reference in references:
            if self._ignored(reference):
                self.kept = True
                if reference.kind in ("class", "star", "text"):  # the line stays as it is
                    self._keep(reference)
                continue
            if self.target == "shim":
                if not reference.ours:  # which is where the shim leads to
                    self._keep(reference)
                continue
            try:
                item = planner.plan(reference)
            except Refusal as refusal:
                self._refuse(reference, refusal)
            else:
                planned[item.call] = item
        self._place_all(self._not_asked_for(planned), flow)
        self._write_tables()
        exports = Exports(self.module, self._usages, self._project)
        imports = Imports(
            self.module, self._usages, self._needs, self._statements, self._layout, frozen,
            exports.has,
        )  # fmt: skip
        imports.edit()
        self.findings += imports.findings
        self._tell_shared_modules(frozen)
        self.findings += suspicions(self.module, self._usages, imports.paths)
        if self.target == "wandb":  # ours writes to any path
            self.findings += checkpoints(self.module)
        self.edits.update(self._placing.edits)
        for path, name in imports.paths.items():
            self.edits[path] = _string(name)
        for line, edit in self._statements.edits().items():
            self.edits[line] = edit

    def _stood_in_for(self) -> bool:
        """Leave all as it is, and say so, where wandb's own class is replaced by another."""
        place = stand_in(self.module, self._usages)
        if place is not None:
            line, _ = self._lines(place)
            self._tell(place, Note("WKM406", "puts something else in the place of wandb's class"))
            why = f"line {line} puts another class in the place of wandb's"
        elif self._project.replaces_home(self.module.filename):
            why = "another file puts another class in the place of wandb's"
        else:
            roots = {getattr(reference.root, "value", "") for reference in self._usages.references
                     if reference.kind not in ("class", "star", "text", "call")}  # fmt: skip
            other = next(
                (r for r in roots if self._project.replaces(self.module.filename, r)), None
            )
            if other is None:
                return False
            why = f"another file puts something else under {other}"
        for reference in self._usages.references:
            self.kept = True
            self._tell(reference.node, Note("WKM406", why, "Migrate both by hand."))
        return True

    def _call(self, reference: Reference) -> cst.Call | None:
        call = self.module.parent(reference.node)
        return call if isinstance(call, cst.Call) and call.func is reference.node else None

    def _not_asked_for(self, planned: dict[cst.Call, Planned]) -> dict[cst.Call, Planned]:
        """Keep all constructions as they are where a type check would miss what they become."""
        for reference in self._usages.references:
            if self.module.contexts.get(reference.node) is ExpressionContext.STORE:
                line, _ = self._lines(reference.node)
                why = Refusal("WKM409", f"line {line} puts another class in its place")
                for item in planned.values():
                    self._refuse(item.reference, why)
                return {}
        asked = next((found for found in self.findings if found.code == "WKM406"), None)
        if asked is None:
            return planned
        for item in planned.values():
            message = f"line {asked.line} asks for the class, which its replacements are not"
            self._refuse(item.reference, Refusal("WKM406", message, "Change that line first."))
        return {}

    # pragmas

    def _frozen_imports(self) -> set[cst.BaseSmallStatement]:
        """Return the imports that a pragma keeps as they are, and with them all their uses."""
        statements: set[cst.BaseSmallStatement] = set(self._usages.imports)
        for reference in self._usages.references:
            statements.update(b.statement for b in reference.bindings if b.statement is not None)
        frozen = {
            statement
            for statement in statements
            if "wandb" in self.module.text(statement)
            and self.pragmas.keeps(*self._lines(statement))
        }
        for reference in self._usages.references:  # a line that stays needs its module
            if reference.kind in ("module", "dotted") and self._ignored(reference):
                frozen.update(b.statement for b in reference.bindings if b.statement is not None)
        for statement in self._usages.imports:  # what is looked up there, an import puts there
            if isinstance(statement, cst.Import):
                names = {alias.evaluated_name for alias in statement.names}
            else:
                names = {from_module(statement)}
            if names & self._looked_up:
                frozen.add(statement)
        self._freeze_with(frozen)
        return frozen

    def _freeze_with(self, frozen: set[cst.BaseSmallStatement]) -> None:
        """Freeze also what binds a name that a frozen import binds: its uses stay, and need it."""
        groups = [
            {b.statement for b in reference.bindings if b.statement is not None}
            for reference in self._usages.references
        ]
        size = -1
        while size != len(frozen):
            size = len(frozen)
            for group in groups:
                if group & frozen:
                    frozen |= group

    def _ignored(self, reference: Reference) -> bool:
        """Whether a pragma keeps a construction as it is."""
        return self.pragmas.keeps(*self._lines(self._call(reference) or reference.node))

    @cached_property
    def _looked_up(self) -> set[str | None]:
        """The modules that are looked up in sys.modules, where their imports put them."""
        if "sys" not in self.module.code or "modules" not in self.module.code:
            return set()
        return {
            string(node)
            for node in self.module.all(cst.SimpleString)
            if isinstance(self.module.parent(node), (cst.Index, cst.Arg, cst.Comparison))
        } & OLD_MODULES

    def _tell_shared_modules(self, frozen: set[cst.BaseSmallStatement]) -> None:
        """Tell of names of the old module that other files read."""
        if not self._project.known:
            return
        named: dict[cst.BaseSmallStatement, str] = {}
        for statement in self._usages.imports:
            aliases = () if isinstance(statement.names, cst.ImportStar) else statement.names
            named.update(
                (statement, bound(alias))
                for alias in aliases
                if imported(statement, alias) in MODULES and alias.asname is not None
            )
        for use in self._usages.modules:
            if use.binding.statement is not None and use.binding.alias is None:
                named[use.binding.statement] = use.binding.name
        for call in self.module.all(cst.Call):
            assign = self.module.parent(call)
            if isinstance(assign, cst.Assign) and self._meanings.qualified(call) & MODULES:
                named[assign] = getattr(assign.targets[0].target, "value", "")
        for place, name in named.items():
            shared = isinstance(self.module.scope(place), GlobalScope)
            shared = shared and self._project.reads_name(self.module.filename, name)
            if shared and place not in frozen:
                message = f"other files may read {name}"
                self.findings.append(self.module.finding(place, "WKM420", message))

    # placing

    def _place_all(self, planned: dict[cst.Call, Planned], flow: Flow) -> None:
        done: set[cst.Call] = set()
        for call, item in planned.items():
            if call in done:
                continue
            done.add(call)
            way = self._joined(call, flow, planned)
            try:
                if self.target == "compat":
                    self._place_compat(item, way)
                elif item.plan.single and way.one is None and self._all_single(way, planned):
                    self._one(item)
                elif way.several is None:
                    group = self._group(way, planned)
                    done.update(group)
                    self._several(way, group)
                elif item.plan.single and way.one is None:
                    self._one(item)
                else:
                    raise way.one if item.plan.single and way.one else way.several
            except Refusal as refusal:
                self._refuse(item.reference, refusal)

    def _joined(self, call: cst.Call, flow: Flow, planned: dict[cst.Call, Planned]) -> Destination:
        """Return where a construction goes, together with those in one conditional with it."""
        way = flow.destination(call)
        calls, slots = dict.fromkeys(way.calls), dict.fromkeys(way.slots)
        todo = list(calls)
        while todo:
            for leaf in leaves(self._placing.outer(todo.pop())):
                if isinstance(leaf, cst.Call) and leaf in planned and leaf not in calls:
                    other = flow.destination(leaf)
                    todo += [each for each in other.calls if each not in calls]
                    calls.update(dict.fromkeys(other.calls))
                    slots.update(dict.fromkeys(other.slots))
                    way = replace(way, several=way.several or other.several)
        return replace(way, calls=tuple(calls), slots=tuple(slots))

    def _all_single(self, way: Destination, planned: dict[cst.Call, Planned]) -> bool:
        return all(call not in planned or planned[call].plan.single for call in way.calls)

    def _group(self, way: Destination, planned: dict[cst.Call, Planned]) -> dict[cst.Call, Planned]:
        """Return the constructions that become lists together.

        Raises:
            Refusal: One of them stays as it is, or a pragma keeps one of their uses.
        """
        for call in way.calls:
            if call not in planned:
                line = self.module.position(call).start.line
                raise Refusal("WKM408", f"what stands in line {line} is kept, and shares its uses")
        for slot in way.slots:
            changes = slot.node not in way.calls and slot.kind != "nothing"
            if changes and self.pragmas.keeps(*self._lines(slot.node)):
                raise Refusal("WKM408", "a comment keeps one of its uses as it is")
        for call in way.calls:
            if not planned[call].plan.parts and self._commented(call):
                why = "a comment stands where nothing would stand any more"
                raise Refusal("WKM407", why, "Leave the callback out by hand.")
        return {call: planned[call] for call in way.calls}

    def _commented(self, call: cst.Call) -> bool:
        """Whether a comment stands in a construction, or in the display around it."""
        around = self.module.parent(self.module.parent(call))
        return "#" in self.module.text(around if isinstance(around, _DISPLAYS) else call)

    def _lines(self, node: cst.CSTNode) -> tuple[int, int]:
        place = self.module.position(node)
        return place.start.line, place.end.line

    def _place_compat(self, item: Planned, way: Destination) -> None:
        direct = [
            slot
            for slot in way.slots
            if slot.node is item.call
            and slot.kind in ("element", "value")
            and not isinstance(self.module.parent(slot.node), cst.IfExp)
        ]
        if item.plan.single and way.one is None:
            self._one(item)
        elif way.several is None and direct:
            prefix = self._told(item)
            if direct[0].kind == "element":
                self._placing.elements(item, prefix)
            else:
                self._placing.whole(item, prefix)
        elif way.one is None:
            prefix = self._told(item, LIST)
            self._placing.as_list_object(item, prefix)
        else:
            raise way.one

    def _one(self, item: Planned) -> None:
        self._placing.one(item, self._told(item))

    def _several(self, way: Destination, group: dict[cst.Call, Planned]) -> None:
        prefixes = {call: self._told(item) for call, item in group.items()}
        for use in self._placing.slots(way.slots, group, prefixes):
            self._tell(use, Note("WKM103", f"{self.module.text(use)} holds a list now"))

    def _told(self, item: Planned, *more: str) -> cst.BaseExpression | None:
        """Tell what becomes of a construction; return what its parts are read from."""
        prefix = self._needs.provide(item.reference, (*item.plan.names, *more))
        if item.plan.own_names:
            statement = self._usages.after(item.reference)
            assert statement is not None
            self._tables.setdefault(statement, item.reference)
        listed = ", ".join(part.name for part in item.plan.parts)
        self._tell(item.call, Note("WKM101", f"became {listed}" if listed else item.plan.empty))
        if item.plan.notes or item.plan.parts:  # else it logged nothing, and logs nothing now
            self.migrated.append(item.call)
        for note in item.plan.notes:
            self._tell(item.call, note)
        self._hoist(item)
        return prefix

    def _hoist(self, item: Planned) -> None:
        smalls: list[cst.BaseSmallStatement] = []
        for hoist in item.plan.hoists:
            value = hoist.value.deep_clone()
            if hoist.name is None:
                smalls.append(cst.Expr(value))
            else:
                smalls.append(cst.Assign([cst.AssignTarget(cst.Name(hoist.name))], value))
        if smalls:
            statement = self.module.statement(item.call)
            assert isinstance(statement, cst.BaseSmallStatement)
            self._statements.insert_before(statement, smalls)

    def _tell(self, node: cst.CSTNode, note: Note) -> None:
        message = " ".join(note.message.split())
        finding = self.module.finding(node, note.code, message, note.suggestion)
        self.findings.append(finding)

    # what is not migrated

    def _refuse(self, reference: Reference, refusal: Refusal) -> None:
        node = self._call(reference) or reference.node
        code = refusal.code
        if code == "WKM407" and isinstance(self._parent_of_outer(node), cst.Return):
            code = "WKM417"
        self._tell(node, Note(code, refusal.message, refusal.suggestion))
        self._keep(reference)

    def _parent_of_outer(self, node: cst.BaseExpression) -> cst.CSTNode:
        return self.module.parent(self._placing.outer(node))

    def _keep(self, reference: Reference) -> None:
        self.kept = True
        new = self._needs.keep(reference)
        if new is not None:
            text = self.module.tree.code_for_node(new)
            self._placing.edits[reference.node] = lambda updated: new
            if self.target == "shim":
                self._tell(reference.node, Note("WKM102", f"became {text}"))
        elif not (reference.certain or reference.node is reference.root or self.target != "shim"):
            self._tell(reference.node, several_meanings(self.module, reference))

    # the generated class

    def _write_tables(self) -> None:
        for statement, reference in self._tables.items():
            line = self.module.parent(statement)
            assert isinstance(line, cst.SimpleStatementLine)
            wandb = self._name_of_wandb(statement, reference)
            prefix = self._needs.provide(reference, ("WandbEvalCallback",))
            base = "WandbEvalCallback"
            if prefix is not None:
                base = f"{self.module.text(prefix)}.{base}"
            blank = 1 if self._layout.block(statement) else 2
            self._statements.insert_below(line, generated_class(wandb, base, blank))

    def _name_of_wandb(self, statement: cst.BaseSmallStatement, reference: Reference) -> str:
        """Return a name that is wandb for sure: the file's own, or a private one."""
        assert isinstance(reference.root, cst.Name)
        scope = self.module.scope(reference.root)
        for node in self._usages.imports:
            if not isinstance(node, cst.Import) or scope is None or not self._direct(node):
                continue
            for alias in node.names:
                name = bound(alias)
                found = self._meanings.lookup(scope, name)
                if found and all(b.meaning == "wandb" and b.alias is not None for b in found):
                    return name
        name, taken = "_wandb", {node.value for node in self.module.all(cst.Name)}
        while name in taken:
            name = f"_{name}"
        self._needs.extras[statement].add(ALONE, "wandb", name, new=True)
        return name

    def _direct(self, statement: cst.BaseSmallStatement) -> bool:
        """Whether an import is run for sure, once, with the module."""
        return isinstance(self.module.parent(self.module.parent(statement)), cst.Module)


_DISPLAYS = (cst.List, cst.Tuple, cst.Set)


def _string(value: str) -> Callable[[cst.CSTNode], object]:
    return lambda updated: cst.SimpleString(f'"{value}"')
