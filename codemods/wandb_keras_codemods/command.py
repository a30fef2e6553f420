"""The migration of one module as a LibCST codemod, tree in and tree out."""

from __future__ import annotations

import argparse
import ast
import warnings
from typing import Any, AnyStr, Iterable, Iterator, Mapping

import libcst as cst
from libcst.codemod import CodemodCommand, CodemodContext

from wandb_keras_codemods.edit.rewriting import Rewriting
from wandb_keras_codemods.find.comments import pragmas_of
from wandb_keras_codemods.find.module import Module
from wandb_keras_codemods.find.parsing import NotGivenBack, parse
from wandb_keras_codemods.find.printed import Printed
from wandb_keras_codemods.find.project import Project
from wandb_keras_codemods.findings import Finding, Migration
from wandb_keras_codemods.findings.pragmas import Pragmas
from wandb_keras_codemods.legacy.targets import TARGETS
from wandb_keras_codemods.metrics.names import MetricNames
from wandb_keras_codemods.metrics.python import in_python


class MigrateWandbKeras(CodemodCommand):
    r"""Rewrite legacy W&B Keras callbacks; ``wandb-keras-migrate`` does the same and reports more.

    Args:
        context: The file's name; what is found is put into ``findings`` and its warnings.
        target: ``"shim"``, ``"compat"`` or ``"wandb"``.
        fallback: Whether what cannot be migrated imports from wandb_keras_compat.
        rename_metrics: Whether literal metric names are rewritten too (target ``"wandb"``).
        renamed: Whether other files of the same runs migrate.
        programs: The programs of sweeps that come to migrated code; by default not known.
        project: What other files read; by default all that is public.

    Example:
        python -m libcst.tool codemod -x \
            wandb_keras_codemods.command.MigrateWandbKeras --target compat train.py
    """

    DESCRIPTION = "Rewrite W&B's legacy WandbCallback into the callbacks that do its work."

    @staticmethod
    def add_args(arg_parser: argparse.ArgumentParser) -> None:
        """Add the options of the migration."""
        arg_parser.add_argument("--target", choices=TARGETS, required=True)
        arg_parser.add_argument("--no-fallback", dest="fallback", action="store_false")
        arg_parser.add_argument("--rename-metrics", action="store_true")

    def __init__(
        self,
        context: CodemodContext,
        target: str,
        fallback: bool = True,
        rename_metrics: bool = False,
        renamed: bool = False,
        programs: Mapping[str, MetricNames] | None = None,
        project: Project | None = None,
    ) -> None:
        super().__init__(context)
        self.target = target
        self.fallback = fallback
        self.rename_metrics = rename_metrics
        self.renamed = renamed
        self.programs = programs
        self.project = Project.alone() if project is None else project
        self.findings: list[Finding] = []
        self.printed: Printed | None = None  # what the tree prints, where that is known already

    def transform_module(self, tree: cst.Module) -> cst.Module:
        """Migrate one module, without the copy and the second pass that LibCST would make."""
        return self.transform_module_impl(tree)

    def transform_module_impl(self, tree: cst.Module) -> cst.Module:
        """Migrate one module; what is to be said becomes the codemod's warnings."""
        module = Module(tree, self.context.filename or "<string>", self.printed)
        pragmas = pragmas_of(module)
        rewriting = Rewriting(module, self.target, pragmas, self.project, fallback=self.fallback)
        rewriting.run()
        self._metrics(module, rewriting, pragmas)
        self.findings = pragmas.filter(_once(sorted(set(rewriting.findings), key=_order)))
        for finding in self.findings:
            self.warn(f"{finding.line}:{finding.column}: {finding.code} {finding.message}")
        if not rewriting.edits:
            return tree
        edited = tree.visit(_Apply(module, rewriting.edits))
        assert isinstance(edited, cst.Module)
        return edited

    def _metrics(self, module: Module, rewriting: Rewriting, pragmas: Pragmas) -> None:
        """Follow the metrics to where the program names them, when their names change."""
        elsewhere = self.renamed and not rewriting.migrated and not rewriting.kept
        if self.target != "wandb" or not (rewriting.migrated or elsewhere):
            return
        edits, findings = in_python(
            module,
            rewriting.migrated,
            rename=self.rename_metrics and not elsewhere,
            elsewhere=elsewhere,
            kept=pragmas.keeps,
            programs=self.programs,
        )
        rewriting.edits.update(edits)
        rewriting.findings += findings


def _once(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield the findings, of several of a text the first."""
    texts: set[tuple[int, int]] = set()
    for finding in findings:
        place = finding.line, finding.column
        if finding.code != "WKM422" or place not in texts:
            yield finding
        if finding.code == "WKM422":
            texts.add(place)


def _order(finding: Finding) -> tuple[int, int, str, str]:
    return finding.line, finding.column, finding.code, finding.message


class _Apply(cst.CSTTransformer):
    """Makes all edits in one pass that goes only where there are any."""

    def __init__(self, module: Module, edits: Mapping[cst.CSTNode, object]) -> None:
        super().__init__()
        self._edits = edits
        self._way = {above for node in edits for above in (node, *module.around(node))}

    def on_visit(self, node: cst.CSTNode) -> bool:
        return node in self._way

    def on_leave(self, original_node: cst.CSTNodeT, updated_node: cst.CSTNodeT) -> object:  # type: ignore[override]
        edit = self._edits.get(original_node)
        return updated_node if edit is None else edit(updated_node)  # type: ignore[operator]


def migrate_source(source: AnyStr, filename: str, **options: Any) -> Migration[AnyStr]:
    """Migrate a source; see ``wandb_keras_codemods.migrate``."""
    parsed = parse(source)
    command = MigrateWandbKeras(CodemodContext(filename=filename), **options)
    command.printed = parsed.printed
    edited = command.transform_module(parsed.tree)
    findings = tuple(map(parsed.placed, command.findings))
    if edited is parsed.tree:
        return Migration(source, findings, source)
    try:
        printed = edited.code
        code = parsed.text(printed) if isinstance(source, str) else parsed.bytes(printed)
        _check(printed)
    except (NotGivenBack, SyntaxError, cst.ParserSyntaxError) as error:
        reason = getattr(error, "message", None) or str(error)
        failure = Finding("WKM902", f"nothing was changed: {reason}", "", 1, 1, 1, 1)
        return Migration(source, (failure,), source)
    return Migration(code, findings, source)


def _check(code: str) -> None:
    """See that a text is Python; what this interpreter does not know LibCST may."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(code, "<migrated>", "exec", ast.PyCF_ONLY_AST, dont_inherit=True)
    except (SyntaxError, ValueError):
        cst.parse_module(code)
