"""Runs: how many of a sample have old names, new ones, both; and which metrics they tell of."""

from __future__ import annotations

import json
import re
import sys

from . import made

OLD = {"loss": 1, "val_loss": 2, "epoch": 3, "_step": 9}
NEW = {"epoch/loss": 1, "epoch/val_loss": 2, "epoch/epoch": 3, "_step": 9}


def test_runs_are_counted(server, dashboards, tmp_path):
    server.page = 2
    for number, summary in enumerate([OLD, OLD, {**OLD, **NEW}, NEW, {"reward": 1}]):
        server.add_run(summary, f"2026-0{number + 1}-01T00:00:00Z")
    page, data = tmp_path / "r.html", tmp_path / "r.json"
    status, _, err = dashboards("--report", str(page), "--report", str(data))
    said = (
        "Runs: 2 have old names, 1 new ones, 1 both (5 of 5 looked at). "
        "The newest with old names is of 2026-03-01."
    )
    assert status == 0
    assert said in err
    assert said in page.read_text()
    assert json.loads(data.read_text())["notes"] == [said]


def test_of_many_runs_the_oldest_and_the_newest_are_looked_at(server, dashboards):
    for _ in range(150):
        server.add_run(OLD)
    for _ in range(150):
        server.add_run(NEW)
    _, _, err = dashboards()
    assert "Runs: 100 have old names, 100 new ones, 0 both (200 of 300 looked at, " in err
    assert sum(request.endswith(" Runs") for request in server.requests) == 4


def test_between_one_and_two_samples_each_is_looked_at_once(server, dashboards):
    for number in range(130):
        server.add_run(OLD if number else NEW)
    assert "Runs: 129 have old names, 1 new ones, 0 both (130 of 130 looked at)" in dashboards()[2]


def test_without_runs(server, dashboards):
    assert "There are no runs." in dashboards()[2]


def test_runs_tell_which_metrics_keras_computes(server, dashboards):
    server.add("project-view", "View", made.unknown())
    assert "val_iou" in dashboards()[2]
    server.add_run({"val_iou": 1, "val_other": 1})
    server.add_run({"epoch/val_iou": 1})
    status, out, _ = dashboards()
    assert status == 3
    assert "+  grouping: summary:epoch/val_iou" in out


def test_on_a_terminal_there_is_a_progress_bar(server, dashboards, monkeypatch):
    for _ in range(60):
        server.add_run(OLD)
    server.add("project-view", "View", made.bars())
    assert "runs" not in dashboards()[2]
    monkeypatch.setattr("wandb_keras_codemods.reports.progress._SLOW", 0)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    _, _, err = dashboards()
    err = re.sub(r"\x1b\[[\d;?]*[A-Za-z]", "", err)
    assert "runs \N{BOX DRAWINGS HEAVY HORIZONTAL}" in err
    assert "views \N{BOX DRAWINGS HEAVY HORIZONTAL}" in err
