"""The way to the end: a repository migrated again and again, until nothing is left."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from wandb_keras_codemods import migrate
from wandb_keras_codemods.cli import main
from wandb_keras_codemods.find.project import Project

FIT = "model.fit(x, y, validation_data=val, callbacks=[{}(save_graph=False)])\n"
FORMS = {
    "class.py": "from wandb.keras import WandbCallback\n" + FIT.format("WandbCallback"),
    "alias.py": "from wandb.keras import WandbCallback as W\n" + FIT.format("W"),
    "home.py": "from wandb.integration.keras import WandbCallback\n" + FIT.format("WandbCallback"),
    "module.py": "import wandb.keras as wk\n" + FIT.format("wk.WandbCallback"),
    "from_wandb.py": "from wandb import keras as wk\n" + FIT.format("wk.WandbCallback"),
    "dotted.py": "import wandb\nimport wandb.keras\n" + FIT.format("wandb.keras.WandbCallback"),
    "plain.py": "import wandb\n" + FIT.format("wandb.keras.WandbCallback"),
    "star.py": "from wandb.keras import *\n" + FIT.format("WandbCallback"),
    "attempt.py": "try:\n    from wandb.keras import WandbCallback\nexcept ImportError:\n"
    "    from wandb.integration.keras import WandbCallback\n" + FIT.format("WandbCallback"),
    "called.py": "import importlib\nwk = importlib.import_module('wandb.keras')\n"
    + FIT.format("wk.WandbCallback"),
    "inner.py": "def train(model, x, y, val):\n    from wandb.keras import WandbCallback\n    "
    + FIT.format("WandbCallback"),
    "named.py": "from wandb.keras import WandbCallback\n\n\ndef train(model, x):\n"
    "    cb = WandbCallback()\n    model.fit(x, callbacks=[cb])\n",
}


def notebook(*cells: str) -> str:
    code = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": []}
    made = [{**code, "source": source} for source in cells]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 4})


@pytest.fixture
def tree(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, text in FORMS.items():
        Path(name).write_text(text, encoding="utf-8")
    cells = FORMS["class.py"].splitlines()
    Path("digits.ipynb").write_text(notebook(*cells), encoding="utf-8")


def run(*arguments):
    return main([".", "-q", *arguments])


def texts():
    names = [*FORMS, "digits.ipynb"]
    return {name: Path(name).read_text(encoding="utf-8") for name in names}


@pytest.mark.parametrize("target", ["compat", "wandb"])
def test_shim_first_then_a_target(tree, target):
    assert run("--target", target, "--check") == 1
    assert run("--target", "shim", "--check") == 1
    assert run("--target", "shim", "--write") == 0
    assert run("--target", "shim", "--check") == 0
    assert all("WandbCallback" in text for text in texts().values())
    assert run("--target", target, "--check") == 1
    assert run("--target", target, "--write") == 0
    assert run("--target", target, "--check") == 0
    done = texts()
    assert not [name for name, text in done.items() if "WandbCallback(" in text]
    assert all("WandbMetricsLogger" in text for text in done.values())
    assert run("--target", target, "--write") == 0
    assert texts() == done


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("target", ["compat", "wandb"])
def test_the_way_through_the_shim_ends_where_the_straight_one_does(name, target):
    """But for the imports: what is constructed where is the same."""
    straight, through = FORMS[name], migrated(FORMS[name], "shim")
    assert through != straight
    ends = [_without_imports(migrated(source, target)) for source in (straight, through)]
    if name in ("module.py", "from_wandb.py", "dotted.py", "plain.py", "called.py"):
        roots = ("wk.", "wandb.integration.keras.", "wandb_keras_compat.")
        ends = [_without(roots, end) for end in ends]  # they are read from a module, or imported
    assert "".join(ends[0].split()) == "".join(ends[1].split())


def migrated(source: str, target: str) -> str:
    return migrate(source, target, project=Project.of({"<string>": source.encode()})).code


def _without_imports(code: str) -> str:
    return code[code.index("fit(") :]


def _without(words: tuple[str, ...], text: str) -> str:
    for word in words:
        text = text.replace(word, "")
    return text.replace(",", "")  # a line that is shorter has no comma at its end


REFUSED = "from wandb.keras import WandbCallback\n" + FIT.replace("save_graph=False", "**options")


@pytest.mark.parametrize("target", ["compat", "wandb"])
def test_a_refusal_is_taken_up_where_it_was_left(tmp_path, monkeypatch, capfd, target):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    path = Path("train.py")
    path.write_text(REFUSED.format("WandbCallback"), encoding="utf-8")
    assert run("--target", target, "--write") == 3
    left = path.read_text(encoding="utf-8")
    assert left.startswith("from wandb_keras_compat import WandbCallback")
    findings = []
    for _ in range(2):  # what was refused is refused again, and nothing is edited twice
        capfd.readouterr()
        assert main([".", "--target", target, "--write"]) == 3
        findings.append(capfd.readouterr().err)
        assert path.read_text(encoding="utf-8") == left
    assert findings[0] == findings[1]
    assert "Spell the arguments out and run the migration again" in findings[0]
    assert run("--target", target, "--check") == 3
    path.write_text(left.replace("**options", "save_model=False"), encoding="utf-8")
    assert run("--target", target, "--check") == 1
    assert run("--target", target, "--write") == 0
    assert "WandbCallback" not in path.read_text(encoding="utf-8")
    assert run("--target", target, "--check") == 0


@pytest.mark.parametrize("home", ["wandb.keras", "wandb_keras_compat"])
@pytest.mark.parametrize("target", ["shim", "compat", "wandb"])
def test_check_is_zero_only_when_nothing_is_left_without_a_pragma(
    tmp_path, monkeypatch, home, target
):
    monkeypatch.chdir(tmp_path)
    call = FIT.replace("save_graph=False", "**options").format("WandbCallback")
    text = f"from {home} import WandbCallback\n{call}"
    Path("train.py").write_text(text, encoding="utf-8")
    ours = home == "wandb_keras_compat"
    left = {"shim": 0 if ours else 1}.get(target, 3)
    assert run("--target", target, "--check") == left
    pragma = "  # wandb-keras: ignore\n"
    Path("train.py").write_text(text.replace("\n", pragma), encoding="utf-8")
    assert run("--target", target, "--check") == 0


def test_what_the_migration_wrote_is_no_source(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = Path("train.py")
    path.write_text(FORMS["named.py"], encoding="utf-8")
    assert run("--target", "compat", "--write") == 0
    assert "WandbCallbackList([" in path.read_text(encoding="utf-8")
    for target in ("shim", "compat", "wandb"):
        assert run("--target", target, "--check") == 0
