"""Migrate one module: find the usages, plan each, see what fits, edit, and tell what was done."""

from __future__ import annotations

import ast

from wandb_keras_codemods._old import metric_names, suspicions
from wandb_keras_codemods._old.decisions import Note, Refusal
from wandb_keras_codemods._old.generated import class_text
from wandb_keras_codemods._old.import_edits import ImportEdits
from wandb_keras_codemods._old.import_lines import ALONE
from wandb_keras_codemods._old.imports import Imports
from wandb_keras_codemods._old.places import Group, Places
from wandb_keras_codemods._old.placing import Placing
from wandb_keras_codemods._old.planning import Planned, Planner, own_names, several_meanings
from wandb_keras_codemods._old.render import Replacement, lost_comments, part_text
from wandb_keras_codemods._old.scopes import Scopes
from wandb_keras_codemods._old.source import Edit, Source, apply, parse
from wandb_keras_codemods._old.usages import Reference, find
from wandb_keras_codemods.findings import Finding, Migration, ParseFailure
from wandb_keras_codemods.findings.pragmas import Pragmas
from wandb_keras_codemods.legacy.names import LOGGERS


def rewrite(
    text: str, target: str, filename: str, *, fallback: bool, rename_metrics: bool, renamed: bool
) -> Migration:
    """Migrate a source; see ``wandb_keras_codemods.migrate``.

    Raises:
        ParseFailure: The source cannot be parsed.
    """
    source = Source(text, filename)
    pragmas = Pragmas(text)
    module = _Module(source, target, pragmas, fallback=fallback)
    module.run()
    elsewhere = renamed and not module.migrated and not module.kept
    if target == "wandb" and (module.migrated or elsewhere):
        edits, findings = metric_names.in_python(
            source, module.edits, rename=rename_metrics and not elsewhere, elsewhere=elsewhere
        )
        module.edits += (
            edit
            for edit in edits
            if not pragmas.covers(*2 * source.place(edit.start)[:1], code="WKM104")
        )
        module.findings += findings
    findings = pragmas.filter(sorted(set(module.findings), key=_order))
    try:
        code = apply(text, module.edits)
        parse(code.lstrip("\ufeff"), filename)
    except (ParseFailure, ValueError) as error:
        failure = Finding("WKM902", f"nothing was changed: {error}", "", 1, 1, 1, 1)
        return Migration(text, (failure,), text)
    return Migration(code, tuple(findings), text)


def _order(finding: Finding) -> tuple[int, int, str, str]:
    return finding.line, finding.column, finding.code, finding.message


class _Module:
    """One module being migrated."""

    def __init__(self, source: Source, target: str, pragmas: Pragmas, *, fallback: bool) -> None:
        self.source = source
        self.pragmas = pragmas
        self.target = target
        self.fallback = fallback or target == "shim"
        self.scopes = Scopes(source.tree)
        self.usages = find(source, self.scopes)
        self.imports = Imports(source, self.scopes, self.usages, target, fallback)
        self.edits: list[Edit] = []
        self.findings: list[Finding] = []
        self.migrated = False
        self.kept = False
        self._tables: dict[ast.AST, Reference] = {}
        self._logged_already = any(
            isinstance(node, ast.Call) and self.scopes.qualified(node.func) & LOGGERS
            for node in (source.parents if "WandbMetricsLogger" in source.text else ())
        )

    def run(self) -> None:
        """Find, plan, place, edit."""
        planned: dict[ast.expr, Planned] = {}
        planner = Planner(self.source, self.usages, self.imports, self.scopes, self.target)
        frozen = self._frozen_imports()
        for reference in self.usages.references:
            if any(binding.node in frozen for binding in reference.bindings):
                continue
            if self.target == "shim" or self._ignored(reference):
                self._keep(reference)
                continue
            try:
                item = planner.plan(reference)
            except Refusal as refusal:
                self._refuse(reference, refusal)
            else:
                planned[item.call] = item
        self._place_all(self._not_asked_for(planned))
        tables = self._table_edits()
        imports = ImportEdits(self.source, self.scopes, self.usages, self.imports)
        spans = [self.source.span(statement) for statement in frozen]
        self.edits += [
            edit
            for edit in imports.all() + tables
            if not any(start <= edit.start <= end for start, end in spans)
        ]
        self.findings += imports.findings
        self.findings += suspicions.find(self.source, self.scopes, self.usages)

    def _not_asked_for(self, planned: dict[ast.expr, Planned]) -> dict[ast.expr, Planned]:
        """Keep all constructions as they are where a type check would miss what they become."""
        asked = next((found for found in self.findings if found.code == "WKM406"), None)
        if asked is None:
            return planned
        for item in planned.values():
            message = f"line {asked.line} asks for the class, which its replacements are not"
            self._refuse(item.reference, Refusal("WKM406", message, "Change that line first."))
        return {}

    def _frozen_imports(self) -> set[ast.stmt]:
        """Return the imports that a pragma keeps as they are, and with them all their uses."""
        found = {
            node
            for node in [
                *(binding.node for binding in self.scopes.imports),
                *self.scopes.stars,
            ]
            if isinstance(node, ast.stmt)
        }
        return {
            node
            for node in found
            if self.pragmas.silences(node.lineno, node.end_lineno or node.lineno, "WKM102")
        }

    def _ignored(self, reference: Reference) -> bool:
        """Whether a pragma keeps a construction as it is."""
        call = self.source.parent(reference.node)
        node = call if isinstance(call, ast.Call) else reference.node
        return self.pragmas.covers(node.lineno, node.end_lineno or node.lineno, "WKM101")

    # placing

    def _place_all(self, planned: dict[ast.expr, Planned]) -> None:
        places = Places(self.source, self.scopes, frozenset(planned))
        placing = Placing(self.source)
        done: set[ast.expr] = set()
        for call, item in planned.items():
            if call in done:
                continue
            done.add(call)
            try:
                group = self._group(places, item, planned)
            except Refusal as refusal:
                self._refuse(item.reference, refusal)
                continue
            done.update(group.calls)
            replacements = {other: self._replacement(planned[other]) for other in group.calls}
            if not group.places:
                placing.one(replacements[call])
                continue
            for use in placing.several(group, replacements):
                self._tell(use, Note("WKM103", f"{self.source.text_of(use)} holds a list now"))
        self.edits += placing.edits(self.edits)

    def _group(self, places: Places, item: Planned, planned: dict[ast.expr, Planned]) -> Group:
        """Return the group of a construction; one without places when one replaces one."""
        if not item.plan.single:
            return places.group(item.call)
        try:
            group = places.group(item.call)
        except Refusal:
            group = Group([item.call])
        if all(planned[call].plan.single for call in group.calls):
            places.check_single(item.call)
            return Group([item.call])
        return group

    def _replacement(self, item: Planned) -> Replacement:
        names = item.plan.names
        prefix = self.imports.provide(item.reference, names)
        if own_names(item.plan):
            self._want_table(item.reference)
        self.migrated = True
        items = [part_text(part, prefix) for part in item.plan.parts]
        kept = lost_comments(self.source, item.call, items)
        listed = ", ".join(part.name for part in item.plan.parts)
        self._tell(item.call, Note("WKM101", f"became {listed}"))
        if self._logged_already:
            self._tell(item.call, _TWICE)
        for note in item.plan.notes:
            self._tell(item.call, note)
        return Replacement(item.call, items, kept)

    def _tell(self, node: ast.expr, note: Note) -> None:
        finding = self.source.finding(node, note.code, note.message, note.suggestion)
        self.findings.append(finding)

    # what is not migrated

    def _refuse(self, reference: Reference, refusal: Refusal) -> None:
        call = self.source.parent(reference.node)
        called = isinstance(call, ast.Call) and call.func is reference.node
        node = call if isinstance(call, ast.Call) and called else reference.node
        self._tell(node, Note(refusal.code, refusal.message, refusal.suggestion))
        self._keep(reference)

    def _keep(self, reference: Reference) -> None:
        self.kept = True
        text = self.imports.keep(reference)
        if text is not None:
            self.edits.append(Edit(*self.source.span(reference.node), text))
            if self.target == "shim":
                self._tell(reference.node, Note("WKM102", f"became {text}"))
        elif (
            self.target == "shim" and not reference.certain and reference.node is not reference.root
        ):
            self._tell(reference.node, several_meanings(self.source, reference))

    # the generated class

    def _want_table(self, reference: Reference) -> None:
        statement = self.imports.after(reference)
        assert statement is not None
        self._tables.setdefault(statement, reference)

    def _table_edits(self) -> list[Edit]:
        source, edits = self.source, []
        for statement, reference in self._tables.items():
            assert isinstance(statement, ast.stmt)
            indent, eol = source.indent(source.span(statement)[0]), source.eol
            wandb = self._name_of_wandb(statement, reference)
            base = self.imports.provide(reference, ("WandbEvalCallback",)) + "WandbEvalCallback"
            text = class_text(indent, eol, wandb, base)
            stop = source.line_end(source.span(_last_import(source, statement))[1])
            lines = 1 if indent else 2  # blank ones around the class
            rest = source.text[stop:]
            present = (len(rest) - len(rest.lstrip("\r\n"))) // len(eol)
            below = max(0, lines + 1 - present) if rest.strip() else 0
            edits.append(Edit(stop, stop, f"{eol * (lines + 1)}{text}{eol * below}"))
        return edits

    def _name_of_wandb(self, statement: ast.stmt, reference: Reference) -> str:
        root = reference.root
        assert isinstance(root, ast.Name)
        scope = self.scopes.scope_of[root]
        for where in dict.fromkeys((scope, self.scopes.module)):
            for name, bindings in where.bindings.items():
                if all(binding.qualified == "wandb" for binding in bindings):
                    return name
        self.imports.extra(statement, ALONE, "wandb")
        return "wandb"


_TWICE = Note(
    "WKM211", "WandbMetricsLogger is used in this file already", "Keep one of the two loggers."
)


def _last_import(source: Source, statement: ast.stmt) -> ast.stmt:
    """Return the last of the imports that follow one another without a gap of other text."""
    block = next(
        value
        for _, value in ast.iter_fields(source.parent(statement))
        if isinstance(value, list) and statement in value
    )
    last = statement
    for following in block[block.index(statement) + 1 :]:
        between = source.text[source.span(last)[1] : source.span(following)[0]]
        if not isinstance(following, (ast.Import, ast.ImportFrom)) or between.strip():
            break
        last = following
    return last
