"""Measure wandb-keras-migrate dashboards: its own time for 2,000 panels, and its memory.

Usage:
    python benchmarks/dashboards.py

Needs the extra ``dashboards``. Views of 100 panels each are looked at and their copies made, as by
the command, with a project in memory in place of a server: what is measured is all but the server's
time. The memory is the most that Python held at a time, for a tenth of the panels and for all; what
the command has to say of each place, and keeps for its report, is not in it.
Exits 1 when a bound is missed.
"""

from __future__ import annotations

import json
import sys
import time
import tracemalloc
from typing import Any, Iterator

import wandb_workspaces.reports.v2 as wr
import wandb_workspaces.workspaces as ws

from wandb_keras_codemods.dashboards import (
    REPORT,
    VIEW,
    Names,
    Project,
    Saved,
    list_all,
    look,
    save,
)

PANELS, IN_A_VIEW = 2_000, 100
SECONDS, GROWTH = 20.0, 1.5  # the bounds


class InMemory(Project):
    """A project whose server is a function.

    Args:
        views: How many views it has.
    """

    def __init__(self, views: int) -> None:
        self.entity, self.name = "team", "p"
        self.views = views
        self.spec = specification()
        self.saved = 0

    def list(self, type_: str) -> Iterator[Saved]:
        """Yield the views."""
        for number in range(self.views if type_ == VIEW else 0):
            yield Saved(VIEW, f"id{number}", f"nw-{number:011}-v", f"View {number}")

    def read(self, saved: Saved) -> dict[str, Any]:
        """Return a view; a text of its own, as from a server."""
        return {"spec": self.spec.replace("View", saved.title), "description": ""}

    def save(self, type_: str, name: str, title: str, description: str, spec: str) -> str:
        """Forget a copy."""
        assert "epoch/val_loss" in spec
        self.saved += 1
        return ""


def specification() -> str:
    """Return a view of many panels of the usual kinds, as wandb-workspaces writes it."""
    panels = [
        kind
        for number in range(IN_A_VIEW // 4)
        for kind in (
            wr.LinePlot(title=f"View {number}", y=["loss", "val_loss", "gpu"]),
            wr.BarPlot(metrics=["val_accuracy", "test/f1"]),
            wr.ScalarChart(metric="val_loss"),
            wr.ScatterPlot(x="loss", y="val_loss"),
        )
    ]
    made = ws.Workspace(
        entity="team", project="p", sections=[ws.Section(name="Charts", panels=panels)]
    )
    text: str = made._to_model().spec.model_dump_json(by_alias=True, exclude_none=True)
    assert len(json.loads(text)["section"]["panelBankConfig"]["sections"][0]["panels"]) == IN_A_VIEW
    return text


def copy_all(project: InMemory) -> None:
    """Look at all views and save their copies; what is said of each is not kept."""
    listed = list_all(project, (VIEW, REPORT))
    for looked in look(project, listed, Names()):
        save(project, looked)
    assert project.saved == project.views


def peak(views: int) -> int:
    """Return the most bytes that are held at a time."""
    project = InMemory(views)
    tracemalloc.start()
    copy_all(project)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most


def main() -> int:
    """Measure, print, and compare with the bounds."""
    views = PANELS // IN_A_VIEW
    copy_all(InMemory(1))  # imports what is imported late
    project = InMemory(views)
    start = time.perf_counter()
    copy_all(project)
    seconds = time.perf_counter() - start
    few, many = peak(views // 10), peak(views)
    print(f"{PANELS:,} panels in {views} views: {seconds:.2f} s (bound {SECONDS:g} s)")
    print(
        f"memory: {many / 1e6:.1f} MB, {many / few:.2f} times that of a tenth of them "
        f"(bound {GROWTH:g})"
    )
    return int(seconds > SECONDS or many > GROWTH * few)


if __name__ == "__main__":
    sys.exit(main())
