"""The command ``dashboards`` without what it needs: one sentence, and nothing is asked of a server."""

from __future__ import annotations

import subprocess
import sys

import pytest

from wandb_keras_codemods.cli import main

OLD = sys.version_info < (3, 10)


def test_without_the_extra_one_sentence_says_so(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "wandb_workspaces", None)
    for name in [name for name in sys.modules if name.startswith("wandb_workspaces.")]:
        monkeypatch.delitem(sys.modules, name)
    assert main(["dashboards", "team/p"]) == 2
    out, err = capsys.readouterr()
    said = "needs Python 3.10 or newer" if OLD else "pip install '.[dashboards]'"
    assert out == ""
    assert said in err
    assert len(err.splitlines()) == (1 if OLD else 2)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "the following arguments are required: ENTITY/PROJECT"),
        (["team"], "ENTITY/PROJECT is wanted"),
        (["team/p", "--report", "x.sarif"], "must be one of .html, .json"),
        (["team/p", "--report", "nowhere/x.json"], "there is no folder nowhere"),
    ],
)
def test_wrong_usage(words, said, capsys):
    assert main(["dashboards", *words]) == 2
    assert said in capsys.readouterr().err


def test_a_folder_of_the_name_can_still_be_migrated(tmp_path, monkeypatch, capsys):
    (tmp_path / "dashboards").mkdir()
    (tmp_path / "dashboards" / "a.py").write_text("from wandb.keras import WandbCallback\n")
    monkeypatch.chdir(tmp_path)
    main(["./dashboards", "--target", "shim"])
    assert "wandb_keras_compat" in capsys.readouterr().out
    assert main(["dashboards", "--help"]) == 0
    assert "write ./dashboards" in capsys.readouterr().out


def test_the_codemod_alone_imports_neither_wandb_nor_its_library():
    code = (
        "import sys, wandb_keras_codemods.cli.dashboards, wandb_keras_codemods.dashboards\n"
        "assert not {'wandb', 'wandb_workspaces', 'pydantic'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
