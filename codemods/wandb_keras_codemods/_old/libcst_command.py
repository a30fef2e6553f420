"""The migration as a LibCST codemod: ``python -m libcst.tool codemod``."""

from __future__ import annotations

import argparse

import libcst
from libcst.codemod import CodemodCommand

from wandb_keras_codemods import TARGETS, migrate
from wandb_keras_codemods.findings import ParseFailure


class MigrateWandbKeras(CodemodCommand):
    r"""Rewrite legacy W&B Keras callbacks; ``wandb-keras-migrate`` does the same and reports more.

    Example:
        python -m libcst.tool codemod -x \
            wandb_keras_codemods._old.libcst_command.MigrateWandbKeras --target compat train.py
    """

    DESCRIPTION = "Rewrite W&B's legacy WandbCallback into the callbacks that do its work."

    @staticmethod
    def add_args(arg_parser: argparse.ArgumentParser) -> None:
        """Add the options of the migration."""
        arg_parser.add_argument("--target", choices=TARGETS, default="wandb")
        arg_parser.add_argument("--no-fallback", dest="fallback", action="store_false")
        arg_parser.add_argument("--rename-metrics", action="store_true")

    def __init__(
        self,
        context: libcst.codemod.CodemodContext,
        target: str = "wandb",
        fallback: bool = True,
        rename_metrics: bool = False,
    ) -> None:
        super().__init__(context)
        self.target = target
        self.fallback = fallback
        self.rename_metrics = rename_metrics

    def transform_module_impl(self, tree: libcst.Module) -> libcst.Module:
        """Migrate one module; what is to be said becomes the codemod's warnings."""
        try:
            migration = migrate(
                tree.code,
                self.target,
                filename=self.context.filename or "<string>",
                fallback=self.fallback,
                rename_metrics=self.rename_metrics,
            )
        except ParseFailure as failure:
            self.warn(f"{failure.code} {failure.message}")
            return tree
        for finding in migration.findings:
            self.warn(f"{finding.line}:{finding.column}: {finding.code} {finding.message}")
        if not migration.changed:
            return tree
        return libcst.parse_module(migration.code, config=tree.config_for_parsing)
