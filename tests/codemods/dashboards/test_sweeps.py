"""Sweeps that go on and optimise a legacy name: reported, and a file for a new one on request."""

from __future__ import annotations

import shlex

import pytest
from ruamel.yaml import YAML

BAYES = """\
method: bayes
metric:
  goal: minimize
  name: {}
parameters:
  lr:
    max: 0.1
    min: 0.001
program: train.py
"""


def load(path):
    return YAML(typ="safe", pure=True).load(path.read_text())


@pytest.fixture
def project(server):
    server.add_sweep("one", "RUNNING", BAYES.format("val_loss"), "Rates")
    server.add_sweep("two", "FINISHED", BAYES.format("val_loss"))
    server.add_sweep("three", "PAUSED", BAYES.format("best_val_loss"))
    server.add_sweep("four", "PENDING", BAYES.format("val_iou"))
    server.add_sweep("five", "RUNNING", BAYES.format("test/f1"))
    server.add_sweep("six", "RUNNING", "{")
    return server


def test_those_that_go_on_are_reported(project, dashboards, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    status, out, err = dashboards()
    assert status == 3
    assert "--- a/sweep Rates (one)" in out
    assert "-  name: val_loss\n+  name: epoch/val_loss\n" in out
    assert "sweep three:4:9  WKM507" in err
    assert "Optimise 'epoch/val_loss' instead." in err
    assert "sweep four:4:9  WKM501" in err
    assert "3 findings left for you" in err
    assert list(tmp_path.iterdir()) == []


def test_a_file_for_a_new_sweep(project, dashboards, tmp_path):
    status, out, _ = dashboards("--sweeps", str(tmp_path))
    path = tmp_path / "sweep-one.yaml"
    assert status == 3
    assert list(tmp_path.iterdir()) == [path]
    assert f"sweep Rates (one): {path}\n" in out
    wanted = YAML(typ="safe", pure=True).load(BAYES.format("epoch/val_loss"))
    assert load(path) == wanted
    command = shlex.split(path.read_text().splitlines()[1].lstrip("# "))
    assert command == ["wandb", "sweep", "--entity", "team", "--project", "p", str(path)]
    path.write_text("mine\n")
    dashboards("--sweeps", str(tmp_path))
    assert path.read_text() == "mine\n"


def test_a_metric_that_is_named_is_known(project, dashboards, tmp_path):
    dashboards("--sweeps", str(tmp_path), "--metric", "iou")
    assert load(tmp_path / "sweep-four.yaml")["metric"]["name"] == "epoch/val_iou"


def test_once_the_new_sweep_runs_nothing_is_left(server, dashboards, tmp_path):
    server.add_sweep("one", "RUNNING", BAYES.format("val_loss"))
    dashboards("--sweeps", str(tmp_path))
    server.add_sweep("new", "RUNNING", (tmp_path / "sweep-one.yaml").read_text())
    status, out, _ = dashboards()
    assert (status, out) == (0, "")


def test_a_folder_that_is_not_there(server, dashboards):
    status, _, err = dashboards("--sweeps", "nowhere")
    assert status == 2
    assert "--sweeps nowhere: there is no such folder" in err
    assert server.requests == []
