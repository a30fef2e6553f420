"""The migration through LibCST's own runner."""

from __future__ import annotations

import subprocess
import sys

import libcst
from libcst.codemod import CodemodContext, TransformFailure, TransformSuccess, transform_module

from wandb_keras_codemods import migrate
from wandb_keras_codemods._old.libcst_command import MigrateWandbKeras

LEGACY = "from wandb.keras import WandbCallback\n\ncallbacks = [WandbCallback()]\n"


def test_a_module_is_transformed():
    for target in ("wandb", "compat", "shim"):
        result = transform_module(MigrateWandbKeras(CodemodContext(), target=target), LEGACY)
        assert isinstance(result, TransformSuccess)
        assert result.code == migrate(LEGACY, target).code
        assert any("WKM102" in warning for warning in result.warning_messages)


def test_a_module_without_usages_is_the_same():
    command = MigrateWandbKeras(CodemodContext())
    tree = libcst.parse_module("import wandb\n")
    assert command.transform_module(tree).code == tree.code


def test_options():
    source = LEGACY.replace("()", "(**options)")
    command = MigrateWandbKeras(CodemodContext(), fallback=False)
    assert not isinstance(transform_module(command, source), TransformFailure)
    assert command.transform_module(libcst.parse_module(source)).code == source


def test_what_only_libcst_can_parse_is_a_warning(monkeypatch):
    from wandb_keras_codemods import ParseFailure, libcst_command

    def fail(*args, **kwargs):
        raise ParseFailure("syntax of a later Python", 3)

    monkeypatch.setattr(libcst_command, "migrate", fail)
    context = CodemodContext()
    tree = libcst.parse_module(LEGACY)
    assert MigrateWandbKeras(context).transform_module(tree).code == LEGACY
    assert context.warnings == ["WKM901 syntax of a later Python"]


def test_the_command_line(tmp_path):
    path = tmp_path / "train.py"
    path.write_text(LEGACY, encoding="utf-8")
    command = "wandb_keras_codemods._old.libcst_command.MigrateWandbKeras"
    arguments = ["-x", "--no-format", "--jobs=1", command, "--target", "shim", str(path)]
    subprocess.run(
        [sys.executable, "-m", "libcst.tool", "codemod", *arguments],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        env={"PYTHONPATH": ":".join(sys.path)},
    )
    assert path.read_text(encoding="utf-8") == migrate(LEGACY, "shim").code
