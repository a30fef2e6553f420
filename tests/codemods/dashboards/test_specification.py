"""Specifications: what reads a legacy name reads the new one, and all else stays as it is."""

from __future__ import annotations

import json
from copy import deepcopy

import pytest

from wandb_keras_codemods.dashboards import Names
from wandb_keras_codemods.dashboards.lossless import Lossy
from wandb_keras_codemods.dashboards.specification import rewrite

from . import made

pytestmark = pytest.mark.usefixtures("server")  # the library asks it for the id of a project


def rewritten(text, only_new=False, metrics=()):
    return rewrite(text, Names(metrics), only_new=only_new)


def difference(before, after, path=""):
    """Yield the paths at which two trees differ."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in {**before, **after}:
            if key not in before or key not in after:
                yield f"{path}/{key}"
            else:
                yield from difference(before[key], after[key], f"{path}/{key}")
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for index, pair in enumerate(zip(before, after)):
            yield from difference(*pair, f"{path}/{index}")
    elif before != after or type(before) is not type(after):
        yield path


def test_lines_show_both_names():
    loss, rate = made.panels(rewritten(made.lines()).text)
    assert loss["metrics"] == ["loss", "epoch/loss", "val_loss", "epoch/val_loss"]
    assert loss["xAxis"] == "_step"
    assert rate["metrics"] == ["lr", "epoch/lr", "gpu"]
    assert rate["expressions"] == ["val_loss - loss", "${epoch/val_loss} - ${epoch/loss}", "gpu"]
    assert rate["xAxis"] == "epoch/epoch"


def test_with_only_new_they_show_the_new_ones():
    loss, rate = made.panels(rewritten(made.lines(), only_new=True).text)
    assert loss["metrics"] == ["epoch/loss", "epoch/val_loss"]
    assert rate["expressions"] == ["${epoch/val_loss} - ${epoch/loss}", "gpu"]


def test_bars():
    (bar,) = made.panels(rewritten(made.bars()).text)
    assert bar["metrics"] == ["val_accuracy", "epoch/val_accuracy", "test/f1"]
    assert bar["overrideSeriesTitles"] == {"acc": "train", "epoch/acc": "train"}


def test_what_takes_one_name_takes_the_new_one_and_it_is_said():
    found = rewritten(made.scalars())
    scalar, scatter, parallel, importance = made.panels(found.text)
    assert scalar["metrics"] == ["epoch/val_loss"]
    assert scalar["legendTemplate"] == "${summary:epoch/loss}"
    assert (scatter["xAxis"], scatter["yAxis"]) == ("summary:epoch/loss", "config:lr.value")
    assert [column["accessor"] for column in parallel["columns"]] == ["summary:epoch/val_loss"]
    assert importance["targetKey"] == "epoch/val_loss"
    assert {place.change.how for place in found.places} == {"new"}


def test_tables_of_runs():
    found = rewritten(made.runs())
    (runs,) = json.loads(found.text)["section"]["runSets"]
    feed = runs["runFeed"]
    columns = [
        "summary:val_loss", "summary:epoch/val_loss", "run:displayName", "config:lr.value"
    ]  # fmt: skip
    assert sorted(feed["columnOrder"]) == sorted(columns)
    place = feed["columnOrder"].index("summary:val_loss")
    assert feed["columnOrder"][place + 1] == "summary:epoch/val_loss"
    assert feed["columnPinned"]["summary:epoch/val_loss"] is True
    assert '{"section":"summary","name":"epoch/val_loss"}' in json.dumps(
        runs["filters"], separators=(",", ":")
    )
    assert runs["sort"]["keys"][0]["key"] == {"section": "summary", "name": "epoch/val_loss"}
    told = {(place.what, place.change.how) for place in found.places}
    assert {("filter", "new"), ("order", "new"), ("columns pinned", "both")} <= told


@pytest.mark.parametrize("make", [*made.VIEWS.values(), made.unknown, made.panel_report])
@pytest.mark.parametrize("only_new", [False, True])
def test_once_is_enough(make, only_new):
    once = rewritten(make(), only_new)
    assert once.changed
    again = rewritten(once.text, only_new)
    assert not again.changed
    assert json.loads(again.text) == json.loads(once.text)


def test_what_is_not_known_stays_as_it_is():
    found = rewritten(made.unknown())
    before, after = deepcopy(made.UNKNOWN), json.loads(found.text)
    section = "/section/panelBankConfig/sections/0/panels/0/config"
    runs = "/section/runSets/0"
    assert set(difference(before, after)) == {
        f"{section}/metrics",
        f"{section}/overrideColors/abc123:epoch/val_loss",
        "/section/panelBankConfig/panelConfigOverrides/__custom_panel__:a1/metrics",
        "/section/settings/xAxis",
        "/section/ref",
        f"{runs}/runFeed/columnOrder",
        f"{runs}/filters/filters/0/key/name",
        f"{runs}/sort/keys/0/key/name",
    }
    assert list(after["section"]) == [key for key in before["section"] if key != "ref"]
    told = {(place.heading, place.what, place.change.how) for place in found.places}
    line = '"Charts" / "val_loss" (Run History Line Plot)'
    assert {
        (line, "startingMetric", "searched"),
        (line, "pattern of metrics", "searched"),
        ('"Charts" / panel (Vega2)', "in its text", "searched"),
        ('"Charts" / panel (Hologram 3000)', "in its text", "searched"),
        ('"Charts" / examples and other (Media Browser)', "media", "gone"),
        ('run set "Run set"', "order of columns", "gone"),
        ('run set "Run set"', "grouping", "doubtful"),
        ("changes to panel auto:val_acc", "its name", "searched"),
    } <= told


def test_a_metric_that_is_named_is_known():
    (runs,) = json.loads(rewritten(made.unknown(), metrics=["iou"]).text)["section"]["runSets"]
    assert runs["grouping"] == [{"section": "summary", "name": "epoch/val_iou"}]


def test_reports():
    found = rewritten(made.panel_report())
    line, bar = made.panels(found.text)
    assert line["metrics"] == ["val_loss", "epoch/val_loss"]
    assert bar["metrics"] == ["acc", "epoch/acc"]
    assert {place.what for place in found.places} == {"metrics", "filter", "order"}
    assert "What val_loss says" in found.text
    assert not rewritten(made.text_report()).changed


def test_weave_blocks_are_searched():
    block = {"type": "weave-panel", "config": {"panelConfig": {"exp": "summary['val_loss']"}}}
    found = rewritten(json.dumps({"blocks": [block]}))
    assert not found.changed
    assert [(p.heading, p.change.names) for p in found.places] == [("Weave block", ("val_loss",))]


def test_run_sets_of_other_projects_stay():
    found = rewrite(made.report_of_two(), Names(), project="team/p")
    told = [(p.heading, p.change.how) for p in found.places if p.what == "filter"]
    assert told == [('run set "p"', "new"), ('run set "other" of another project', "searched")]
    assert '"value":0.5' in found.text
    sets = json.loads(found.text)["blocks"]
    sets = next(block for block in sets if block["type"] == "panel-grid")["metadata"]["runSets"]
    assert ["epoch/val_loss" in json.dumps(each) for each in sets] == [True, False]


def test_the_library_reads_what_is_written():
    from wandb_workspaces.reports.v2.internal import Spec
    from wandb_workspaces.workspaces.internal import WorkspaceViewspec

    for make in made.VIEWS.values():
        new = rewritten(make()).text
        read = WorkspaceViewspec.model_validate_json(new)
        assert read.model_dump_json(by_alias=True, exclude_none=True) == new
    report = Spec.model_validate_json(rewritten(made.panel_report()).text)
    (grid,) = [block for block in report.blocks if block.type == "panel-grid"]
    assert grid.metadata.panel_bank_section_config.panels[0].config.metrics[1] == "epoch/val_loss"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"a": 1, "a": 2}', "key 'a' twice"),
        ('{"a": 1e999}', "1e999 does not fit"),
        ('{"a": NaN}', "NaN is no number"),
        ("[1]", "no JSON object"),
        ("{", "no JSON"),
        ('{"a":' + "[" * 100_000 + "]" * 100_000 + "}", "nested too deeply"),
    ],
)
def test_what_would_be_lost_is_refused(text, reason):
    with pytest.raises(Lossy, match=reason):
        rewritten(text)


@pytest.mark.parametrize(
    ("text", "state", "new"),
    [
        ("val_loss*2", "renamed", "${epoch/val_loss}*2"),
        ("1/val_loss", "renamed", "1/${epoch/val_loss}"),
        ("val_loss / loss", "renamed", "${epoch/val_loss} / ${epoch/loss}"),
        ("${summary:val_loss}-x", "renamed", "${summary:epoch/val_loss}-x"),
        ("val_loss/loss", "searched", "val_loss/loss"),
        ("epoch/val_loss + 1", "searched", "epoch/val_loss + 1"),
        ("val_iou + loss", "doubtful", "val_iou + loss"),
        ("best_val_loss + loss", "gone", "best_val_loss + loss"),
    ],
)
def test_expressions(text, state, new):
    assert tuple(Names().in_expression(text)) == (state, text, new)


@pytest.mark.parametrize(
    "text", ["gpu + ${system.cpu}", "loss(1)", "train/f1", "${train/loss}", "", "${}"]
)
def test_expressions_without_a_legacy_name(text):
    assert Names().in_expression(text) is None


@pytest.mark.parametrize(
    "text", ["config:loss", "config.loss.value", "run:loss", "_step", "train/loss", "", "Loss", ":"]
)
def test_other_names_stay(text):
    assert Names().renaming(text) is None
    assert Names().behind_a_run(text) is None


@pytest.mark.parametrize("tail", ["", ".min", ".max"])
@pytest.mark.parametrize("head", ["", "summary:", "summary_metrics.", "summary.", "keys_info:"])
def test_forms_of_a_name(head, tail):
    assert Names().renaming(f"{head}val_loss{tail}").new == f"{head}epoch/val_loss{tail}"
