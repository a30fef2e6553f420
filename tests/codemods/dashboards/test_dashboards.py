"""Whole projects on the loopback server, with the real client: look, save, look again, undo."""

from __future__ import annotations

import json

import pytest

from . import made

VIEWS = ["view Lines", "view Bars", "view Scalars", "view Runs"]


@pytest.fixture
def project(server):
    """A project with four views."""
    for title, make in made.VIEWS.items():
        server.add("project-view", title, make())
    return server


def test_a_look_says_what_each_becomes_and_changes_nothing(project, dashboards):
    before = project.state()
    status, out, err = dashboards()
    assert status == 0
    assert project.state() == before
    assert "-  metrics: val_accuracy, test/f1\n" in out
    assert "+  metrics: val_accuracy, epoch/val_accuracy, test/f1\n" in out
    assert "-  filter: summary:val_loss <= 0.5\n" in out
    assert "+  filter: summary:epoch/val_loss <= 0.5\n" in out
    assert "4 dashboards would be copied (4 looked at)." in err


def test_many_views_come_in_pages(server, dashboards):
    server.page = 2
    for number in range(5):
        server.add("project-view", f"View {number}", made.bars())
    status, out, _ = dashboards()
    assert status == 0
    assert [f"+++ b/view View {n}" in out for n in range(5)] == [True] * 5
    assert sum("SavedViews" in request for request in server.requests) == 3 + 1 + 1


def test_reports_are_written_as_json_and_html(project, dashboards, tmp_path):
    project.add("project-view", "Odd <b>", made.unknown())
    page, data = tmp_path / "r.html", tmp_path / "r.json"
    status, _, _ = dashboards("--report", str(page), "--report", str(data))
    assert status == 3
    document = json.loads(data.read_text())
    assert [(file["path"], file["state"]) for file in document["files"]][:4] == [
        (view, "pending") for view in VIEWS
    ]
    codes = {finding["code"] for file in document["files"] for finding in file["findings"]}
    assert codes == {"WKM701", "WKM702", "WKM703", "WKM704", "WKM705"}
    html = page.read_text()
    assert "<title>W&amp;B dashboards</title>" in html
    assert "Odd &lt;b&gt;" in html
    assert "WandbCallback migration" not in html


def test_workspaces_of_people_are_left_out(server, dashboards):
    server.add("project-view", "Jane's", made.bars(), name="nw-nwuserjane-w")
    status, out, err = dashboards()
    assert (status, out) == (0, "")
    assert "1 personal workspace was left out" in err


def test_what_cannot_be_read_is_said_and_the_rest_is_done(server, dashboards):
    server.add("project-view", "Twice", '{"a": 1, "a": 2}')
    server.add("project-view", "Newer", {"version": 9, **json.loads(made.bars())})
    server.add("project-view", "Fine", made.bars())
    status, out, err = dashboards()
    assert status == 4
    assert "+++ b/view Fine" in out
    assert "the key 'a' twice" in err
    assert "its format is version 9" in err


@pytest.mark.parametrize("word", ["p", "team/", "/p", "a/b/c", ""])
def test_a_project_has_an_entity_and_a_name(dashboards, word):
    status, out, err = dashboards(project=word)
    assert (status, out) == (2, "")
    assert "ENTITY/PROJECT" in err


def test_what_is_saved_stands_beside_what_was_there(project, dashboards):
    before = project.state()
    status, out, _ = dashboards("--write")
    assert status == 0
    assert out.splitlines() == VIEWS
    assert project.state()[:4] == before
    copies = project.views[4:]
    assert [copy.title for copy in copies] == [f"{view[5:]} epoch/" for view in VIEWS]
    assert {copy.type for copy in copies} == {"project-view"}
    assert made.panels(copies[1].spec)[0]["metrics"] == [
        "val_accuracy", "epoch/val_accuracy", "test/f1"
    ]  # fmt: skip


@pytest.mark.parametrize("options", [[], ["--only-new"]])
def test_a_second_time_there_is_nothing_left(project, dashboards, options):
    dashboards("--write", *options)
    after = project.state()
    for words in ([], ["--write"], ["--write", "--only-new"]):
        status, out, err = dashboards(*words)
        assert (status, out) == (0, "")
        assert "4 have a copy already" in err
        assert "0 dashboards" in err
        assert project.state() == after


def test_deleting_the_copies_undoes_it(project, dashboards):
    before = project.state()
    first = dashboards()
    dashboards("--write")
    for copy in project.views[4:]:
        assert project.deleteView({"id": copy.id})["success"]
    assert project.state() == before
    assert dashboards() == first


def test_a_copy_that_somebody_deleted_is_made_anew(project, dashboards):
    dashboards("--write")
    project.deleteView({"id": project.views[5].id})
    status, out, _ = dashboards("--write")
    assert (status, out) == (0, "view Bars\n")
    assert len(project.views) == 8


def test_a_copy_may_be_changed(project, dashboards):
    """It is its owner's: nothing is done to it, and what only it can tell is told."""
    dashboards("--write")
    project.views[4].spec = made.unknown()
    after = project.state()
    status, out, err = dashboards("--write", "-v")
    assert (status, out) == (3, "")
    assert "view Lines epoch/" in err
    assert "WKM705" in err
    assert project.state() == after


def test_two_views_of_one_title(server, dashboards):
    for _ in range(2):
        server.add("project-view", "Same", made.bars())
    _, out, _ = dashboards("--write")
    first, second = server.views[:2]
    assert out.splitlines() == [f"view Same ({first.id})", f"view Same ({second.id})"]
    assert len({view.name for view in server.views}) == 4


def test_the_copy_has_the_description(server, dashboards):
    server.add("project-view", "Bars", made.bars()).description = "What matters."
    dashboards("--write")
    assert server.views[1].description == "What matters."


def test_without_rights_nothing_is_saved_and_it_is_said(project, dashboards):
    project.read_only = True
    before = project.state()
    status, out, err = dashboards("--write")
    assert (status, out) == (4, "")
    assert err.count("the account may not do this in team/p: input: permission denied") == 4
    assert project.state() == before
    assert dashboards()[0] == 0


SWEEP = "method: random\nmetric: {name: val_loss, goal: minimize}\nparameters: {lr: {value: 1}}\n"


def test_a_whole_project(project, dashboards, tmp_path):
    """Four views, two reports and two sweeps: look, write, look again, undo."""
    project.add("runs", "Results", made.panel_report(), name="abcdefghijkl")
    project.add("runs", "Words", made.text_report(), name="mnopqrstuvwx")
    project.add_sweep("running", "RUNNING", SWEEP)
    project.add_sweep("ended", "FINISHED", SWEEP)
    before, sweeps = project.state(), [dict(sweep) for sweep in project.sweeps]

    status, out, err = looked = dashboards()
    assert status == 3  # a sweep has to be started by somebody
    assert out.count("+++ b/") == 4 + 1 + 1
    assert project.state() == before

    status, out, _ = dashboards("--write", "--sweeps", str(tmp_path))
    assert status == 3
    file = f"sweep running: {tmp_path / 'sweep-running.yaml'}"
    assert out.splitlines() == [*VIEWS, "report Results", file]
    assert project.state()[:6] == before
    (draft,) = project.all("runs/draft")
    assert draft.title == "Results epoch/"
    assert made.panels(draft.spec)[0]["metrics"] == ["val_loss", "epoch/val_loss"]
    assert len(project.views) == 6 + 5
    assert project.sweeps == sweeps

    project.add_sweep("new", "RUNNING", (tmp_path / "sweep-running.yaml").read_text())
    status, out, err = dashboards()
    assert (status, out) == (0, "")
    assert "0 dashboards would be copied" in err

    for view in project.views[6:]:
        assert project.deleteView({"id": view.id})["success"]
    del project.sweeps[2]
    assert project.state() == before
    assert project.sweeps == sweeps
    assert dashboards() == looked


def test_a_draft_that_was_published_is_still_the_copy(server, dashboards):
    server.add("runs", "Results", made.panel_report(), name="abcdefghijkl")
    dashboards("--write")
    server.views[1].type = "runs"
    after = server.state()
    assert dashboards("--write")[:2] == (0, "")
    assert server.state() == after
