"""Migrate one module: find the usages, plan each, see where they go, edit, tell what was done."""

from __future__ import annotations

from dataclasses import replace
from typing import Callable

import libcst as cst
from libcst.metadata import ExpressionContext

from wandb_keras_codemods.find.checkpoints import checkpoints
from wandb_keras_codemods.find.flow import Destination, Flow
from wandb_keras_codemods.find.holders import Holders
from wandb_keras_codemods.find.meanings import Meanings
from wandb_keras_codemods.find.module import Module
from wandb_keras_codemods.find.project import Project
from wandb_keras_codemods.find.refusal import Note, Refusal
from wandb_keras_codemods.find.shared import shared_modules
from wandb_keras_codemods.find.stand_ins import StandIn, given_by_text
from wandb_keras_codemods.find.suspicions import suspicions
from wandb_keras_codemods.find.usages import Reference, Usages
from wandb_keras_codemods.find.words import Words
from wandb_keras_codemods.findings import Finding
from wandb_keras_codemods.findings.pragmas import Pragmas
from wandb_keras_codemods.legacy.names import COMPAT
from wandb_keras_codemods.plan.constructions import ELSEWHERE, Planned, Planner, several_meanings
from wandb_keras_codemods.plan.fits import Fits

from .exports import Exports
from .frozen import frozen_imports
from .imports import Imports
from .layout import Layout
from .needs import Needs
from .placing import LIST, Edit, Placing, leaves
from .statements import Statements
from .tables import Tables


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
        self._tables = Tables(module, self._usages, self._needs)

    def run(self) -> None:
        """Find, plan, place, edit."""
        stand_in = StandIn.of(self.module, self._usages, self._project)
        if stand_in is not None:
            self._leave(stand_in)
            return
        frozen = frozen_imports(self.module, self._usages, self.pragmas, self._ignored)
        stars = frozen.intersection(self._usages.stars)
        references = [
            reference
            for reference in self._usages.references
            if not any(binding.statement in frozen for binding in reference.bindings)
            and not (reference.kind == "star" and stars)
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
        self._tables.write(self._statements, self._layout)
        exports = Exports(self.module, self._usages, self._project)
        imports = Imports(
            self.module, self._usages, self._needs, self._statements, self._layout, frozen,
            exports.has,
        )  # fmt: skip
        imports.edit()
        by_text = given_by_text(self.module) if self.kept else None
        if by_text is not None:
            self.findings, self.migrated = [], []
            self._leave(by_text)
            return
        self.findings += imports.findings
        self.findings += shared_modules(self.module, self._usages, self._project, frozen)
        self.findings += suspicions(self.module, self._usages, imports.paths)
        if self.target == "wandb":  # ours writes to any path
            self.findings += checkpoints(self.module)
        self.edits.update(self._placing.edits)
        for path, name in imports.paths.items():
            self.edits[path] = _string(name)
        for line, edit in self._statements.edits().items():
            self.edits[line] = edit

    def _leave(self, stand_in: StandIn) -> None:
        """Leave all as it is, and say so, where wandb's own class is replaced by another."""
        if stand_in.place is not None:
            message = "puts something else in the place of wandb's class"
            self._tell(stand_in.place, Note("WKM406", message))
        for reference in self._usages.references:
            self.kept = True
            self._tell(reference.node, Note("WKM406", stand_in.why, "Migrate both by hand."))
        self.findings += suspicions(self.module, self._usages)

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

    def _ignored(self, reference: Reference) -> bool:
        """Whether a pragma keeps a construction as it is."""
        return self.pragmas.keeps(*self._lines(self._call(reference) or reference.node))

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
            self._tables.want(item.reference)
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
        elif self.target == "shim" and not (reference.certain or reference.node is reference.root):
            self._tell(reference.node, several_meanings(self.module, reference))
        if self.target == "shim" and reference.kind in ("dotted", "plain"):
            if any(binding.declared for binding in reference.bindings):
                self._tell(reference.node, Note("WKM410", ELSEWHERE))
            elif new is None and self._needs.taken(reference):
                self._tell(reference.node, Note("WKM410", f"{COMPAT} means something else here"))


_DISPLAYS = (cst.List, cst.Tuple, cst.Set)


def _string(value: str) -> Callable[[cst.CSTNode], object]:
    return lambda updated: cst.SimpleString(f'"{value}"')
