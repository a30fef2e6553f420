"""The command that the deprecation notice prints works on the file that it names."""

from __future__ import annotations

import json
import shlex
import warnings
from unittest.mock import Mock

import pytest
import wandb

from wandb_keras_codemods.cli import main
from wandb_keras_compat import _advice, legacy

SOURCE = "{head}\nmodel.fit(x, callbacks=[{call}(save_model=False, save_graph=False)])\n"
FORMS = {
    "ours": ("from wandb_keras_compat import WandbCallback", "WandbCallback"),
    "by its module": ("import wandb_keras_compat as wkc", "wkc.WandbCallback"),
    "from legacy": ("from wandb_keras_compat.legacy import WandbCallback", "WandbCallback"),
}


@pytest.fixture(scope="module", autouse=True)
def _run(tmp_path_factory):
    wandb.init(mode="offline", project="p", dir=str(tmp_path_factory.mktemp("advice")))
    yield
    wandb.finish()


def advised(monkeypatch, source, path, names):
    """Run a source as a file; return the words of the command that is advised."""
    monkeypatch.setattr(legacy, "_told_to_migrate", False)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        exec(compile(source, str(path), "exec"), {"model": Mock(), "x": None, **names})
    (said,) = [str(w.message) for w in caught if w.category is DeprecationWarning]
    return shlex.split(said.partition(": ")[2])


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", ["train.py", "a script, it's ours.py"])
def test_it_migrates_the_file(monkeypatch, tmp_path, capsys, form, name):
    head, call = FORMS[form]
    path = tmp_path / name
    path.write_text(SOURCE.format(head=head, call=call), encoding="utf-8")
    command, *arguments = advised(monkeypatch, path.read_text(encoding="utf-8"), path, {})
    assert command == "wandb-keras-migrate"
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 0, capsys.readouterr().err
    assert "WandbCallback" not in path.read_text(encoding="utf-8")
    assert "WandbMetricsLogger" in path.read_text(encoding="utf-8")
    assert main([*arguments[:2], "--check", name]) == 0


@pytest.mark.parametrize("key", ["__session__", "__vsc_ipynb_file__"])
def test_it_migrates_the_notebook(monkeypatch, tmp_path, key):
    source = SOURCE.format(head=FORMS["ours"][0], call=FORMS["ours"][1])
    cell = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": []}
    notebook = {"cells": [{**cell, "source": source}], "metadata": {}, "nbformat": 4}
    path = tmp_path / "digits.ipynb"
    path.write_text(json.dumps({**notebook, "nbformat_minor": 4}), encoding="utf-8")
    cells = str(tmp_path / "ipykernel_7" / "1234.py")  # which is never written
    _, *arguments = advised(monkeypatch, source, cells, {key: str(path)})
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 0
    assert "WandbMetricsLogger" in path.read_text(encoding="utf-8")


def test_without_a_file_it_is_the_folder(monkeypatch):
    for path in ("<stdin>", "<string>", "<ipython-input-3-abc>"):
        assert _advice.migration(path, {}).endswith(" --write .")


def test_a_file_is_never_taken_for_an_option(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "-x.py").touch()
    assert _advice.migration("-x.py", {}).endswith(" ./-x.py")
