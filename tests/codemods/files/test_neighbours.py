"""What the files of a run read of each other reaches every file and every worker."""

from __future__ import annotations

import pytest

from wandb_keras_codemods.files.neighbours import project_of
from wandb_keras_codemods.files.process import Options, process_all
from wandb_keras_codemods.files.walk import Scan

HOLDER = "from wandb.keras import WandbCallback\ncbs = [WandbCallback(), other]\nmodel.fit(x, callbacks=cbs)\n"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    (tmp_path / "holder.py").write_text(HOLDER)
    return tmp_path


def changed(paths, jobs=1, copies=1):
    scan = Scan(paths)
    candidates = [found for found in scan if found.path == "holder.py"] * copies
    project = project_of(scan, candidates)
    outcomes = process_all(candidates, Options("wandb", fallback=False), jobs, project=project)
    return {"WandbMetricsLogger" in outcome.after for outcome in outcomes}


def test_of_a_folder_all_files_are_known(folder):
    assert changed(["."]) == {True}
    (folder / "reader.py").write_text("from holder import cbs\nshow(cbs)\n")
    assert changed(["."]) == {False}
    (folder / "reader.py").write_text("from elsewhere import cbs\nshow(cbs)\n")
    assert changed(["."]) == {True}


@pytest.mark.parametrize("paths", [["holder.py"], ["holder.py", "other.py"]])
def test_beside_files_that_were_named_there_may_be_others(folder, paths):
    (folder / "other.py").write_text("")
    assert changed(paths) == {False}


def test_workers_know_it_too(folder):
    assert changed(["."], jobs=2, copies=4) == {True}
    (folder / "reader.py").write_text("from holder import cbs\nshow(cbs)\n")
    assert changed(["."], jobs=2, copies=4) == {False}
