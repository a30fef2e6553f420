"""The migration as a LibCST codemod: the runner, the API and every case give the same."""

from __future__ import annotations

import subprocess
import sys

import libcst as cst
import pytest
from case_files import FOLDER, TARGETS, arguments, load
from libcst.codemod import CodemodContext, TransformFailure, TransformSuccess, transform_module

from wandb_keras_codemods import migrate
from wandb_keras_codemods.command import MigrateWandbKeras

LEGACY = "from wandb.keras import WandbCallback\n\nmodel.fit(x, y, callbacks=[WandbCallback()])\n"
COMMAND = "wandb_keras_codemods.command.MigrateWandbKeras"


def command(filename: str = "<string>", **options: object) -> MigrateWandbKeras:
    return MigrateWandbKeras(CodemodContext(filename=filename), **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.txt")), ids=lambda path: path.stem)
def test_tree_in_tree_out(path):
    case = load(path)
    tree = cst.parse_module(case.before)
    for target in TARGETS:
        options = arguments(case)
        filename = options.pop("filename", "<string>")
        codemod = command(filename, target=target, **options)
        after = codemod.transform_module(tree)
        assert after.code == case.outcomes[target].code
        said = tuple(f"{f.line}:{f.column} {f.code} {f.message}" for f in codemod.findings)
        assert said == case.outcomes[target].findings
        assert tree.code == case.before, "the tree that is given stays as it is"


def test_there_is_no_detour_through_text(monkeypatch):
    def fail(*args, **kwargs):
        raise AssertionError("a module is parsed again")

    tree = cst.parse_module(LEGACY)
    monkeypatch.setattr(cst, "parse_module", fail)
    assert "WandbMetricsLogger()" in command(target="wandb").transform_module(tree).code


def test_what_is_said_becomes_warnings():
    for target in TARGETS:
        result = transform_module(command(target=target), LEGACY)
        assert isinstance(result, TransformSuccess)
        assert result.code == migrate(LEGACY, target).code
        assert any("WKM102" in warning for warning in result.warning_messages)


def test_a_module_without_usages_is_the_same_tree():
    tree = cst.parse_module("import wandb\n")
    assert command(target="wandb").transform_module(tree) is tree


def test_options():
    source = LEGACY.replace("()", "(**options)")
    assert not isinstance(
        transform_module(command(target="wandb", fallback=False), source), TransformFailure
    )
    assert (
        command(target="wandb", fallback=False).transform_module(cst.parse_module(source)).code
        == source
    )


def test_the_command_line(tmp_path):
    path = tmp_path / "train.py"
    path.write_text(LEGACY, encoding="utf-8")
    arguments = ["-x", "--no-format", "--jobs=1", COMMAND, "--target", "shim", str(path)]
    subprocess.run(
        [sys.executable, "-m", "libcst.tool", "codemod", *arguments],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        env={"PYTHONPATH": ":".join(sys.path)},
    )
    assert path.read_text(encoding="utf-8") == migrate(LEGACY, "shim").code
