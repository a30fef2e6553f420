"""`compare` finds every difference, tells each once, and nothing that is not one."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import Any, Mapping

import pytest

from wandb_keras_compat.compare import Difference, compare, renamer
from wandb_keras_compat.recording import (
    Artifact,
    ArtifactFile,
    File,
    Metric,
    Recording,
    Row,
    SummaryUpdate,
)
from wandb_keras_compat.recording.difference_report import as_json, as_text, suggest
from wandb_keras_compat.recording.renaming import escape, parse
from wandb_keras_compat.recording.values import equal, shown, verdict


@pytest.fixture(autouse=True)
def forget_warnings() -> None:
    """Nothing here imports W&B or a Keras."""


HISTOGRAM = {"_type": "histogram", "bins": [0.0, 1.0, 2.0], "values": [3, 4]}


def rows(*values: dict[str, Any]) -> tuple[Row, ...]:
    return tuple(Row(step, value) for step, value in enumerate(values))


RUN = Recording(
    directory="/runs/a",
    run_id="abc",
    name="a",
    project="p",
    wandb_version="0.27.0",
    finished=True,
    config={"lr": 0.1, "deep": {"n": 1}},
    history=rows(
        {"epoch": 0, "loss": 1.0, "val_loss": 2.0, "parameters/h.weights": HISTOGRAM},
        {"epoch": 1, "loss": 0.5, "val_loss": math.nan, "parameters/h.weights": HISTOGRAM},
    ),
    summary={"epoch": 1, "loss": 0.5, "best_val_loss": 2.0},
    summary_updates=(SummaryUpdate({"best_val_loss": 2.0}, (), 1),),
    summary_timed=True,
    metrics=(Metric("epoch/*", "epoch/epoch", ()),),
    files=(File("model-best.h5", 10, None), File("announced.txt", None, "live")),
    artifacts=(
        Artifact(
            "model-x", "model", ("epoch_0", "latest"), (ArtifactFile("m.h5", "d", 1),), {"k": 1}, 1
        ),
    ),
)


def told(a: Recording, b: Recording, **options: Any) -> list[tuple[str, str, str]]:
    return [(d.where, d.key, d.what) for d in compare(a, b, **options)]


def test_a_run_equals_itself() -> None:
    assert compare(RUN, RUN) == []


def test_what_changes_from_run_to_run_is_no_difference() -> None:
    content = ArtifactFile("m.h5", "another digest", 2, "/staged")
    other = replace(
        RUN,
        directory="/runs/b",
        run_id="xyz",
        name="b",
        project="q",
        wandb_version="0.31.0",
        notes=("a note",),
        files=(File("model-best.h5", 11, "live"),),
        artifacts=(replace(RUN.artifacts[0], contents=(content,)),),
    )
    assert compare(RUN, other) == []


# Each change of one thing is exactly one difference.
def with_row(number: int, **changes: Any) -> Recording:
    history = list(RUN.history)
    history[number] = Row(number, {**history[number].values, **changes})
    return replace(RUN, history=tuple(history))


def without(key: str) -> Recording:
    return replace(
        RUN,
        history=rows(*({k: v for k, v in r.values.items() if k != key} for r in RUN.history)),
    )


def one_row(number: int, contrast: str) -> str:
    return f"1 of 2 rows differs, first row {number}: {contrast}"


MODEL = RUN.artifacts[0]
SAME_LOOKS = "histogram of 7 in [0, 2] | histogram of 7 in [0, 2] (values)"
CHANGES = {
    "value": (with_row(1, loss=0.6), ("history", "loss", one_row(1, "0.5 | 0.6"))),
    "nan": (with_row(1, val_loss=1.0), ("history", "val_loss", one_row(1, "nan | 1"))),
    "type": (with_row(0, loss="1.0"), ("history", "loss", one_row(0, "1 | 1.0"))),
    "bool is no number": (
        with_row(0, epoch=False),
        ("history", "epoch", one_row(0, "0 | False")),
    ),
    "histogram": (
        with_row(0, **{"parameters/h.weights": {**HISTOGRAM, "values": [4, 3]}}),
        (
            "history",
            "parameters/h.weights",
            one_row(0, SAME_LOOKS),
        ),
    ),
    "key gone": (without("val_loss"), ("history", "val_loss", "only in A (2 rows)")),
    "key new": (with_row(0, extra=3), ("history", "extra", "only in B (1 row)")),
    "row gone": (replace(RUN, history=RUN.history[:1]), ("history", "rows", "2 rows in A, 1 in B")),
    "summary value": (
        replace(RUN, summary={**RUN.summary, "loss": 9}),
        ("summary", "loss", "0.5 | 9"),
    ),
    "summary key": (
        replace(RUN, summary={**RUN.summary, "graph": {"_type": "graph-file", "nodes": []}}),
        ("summary", "graph", "only in B"),
    ),
    "summary written later": (
        replace(RUN, summary_updates=(SummaryUpdate({"best_val_loss": 2.0}, (), 2),)),
        ("summary writes", "best_val_loss", "[[1, 2.0]] | [[2, 2.0]]"),
    ),
    "config": (replace(RUN, config={"lr": 0.1, "deep": {"n": 2}}), ("config", "deep.n", "1 | 2")),
    "define_metric": (replace(RUN, metrics=()), ("define_metric", "epoch/*", "only in A")),
    "file gone": (replace(RUN, files=RUN.files[1:]), ("files", "model-best.h5", "only in A")),
    "policy": (
        replace(RUN, files=(RUN.files[0], File("announced.txt", None, "end"))),
        ("files", "announced.txt", "uploaded live in A, end in B"),
    ),
    "artifact gone": (
        replace(RUN, artifacts=()),
        ("artifacts", "model-x", "1 version in A, 0 in B"),
    ),
    "alias": (
        replace(RUN, artifacts=(replace(MODEL, aliases=("latest",)),)),
        ("artifacts", "model-x", "version 0, aliases: ['epoch_0', 'latest'] | ['latest']"),
    ),
    "content": (
        replace(RUN, artifacts=(replace(MODEL, contents=()),)),
        ("artifacts", "model-x", "version 0, contents: ['m.h5'] | []"),
    ),
    "artifact logged later": (
        replace(RUN, artifacts=(replace(MODEL, after_rows=2),)),
        ("artifacts", "model-x", "version 0, rows logged before: 1 | 2"),
    ),
    "killed": (
        replace(RUN, finished=False),
        ("run", "end", "finished in A, no end in its log in B"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("change", sorted(CHANGES))
def test_one_change_is_one_difference(change: str) -> None:
    other, expected = CHANGES[change]
    assert told(RUN, other) == [expected]
    assert len(told(other, RUN)) == 1


def test_a_key_in_other_rows() -> None:
    a = replace(RUN, history=rows({"x": 1, "y": 1}, {"x": 2}))
    b = replace(RUN, history=rows({"x": 1}, {"x": 2, "y": 1}))
    assert told(a, b) == [("history", "y", "in other rows: 0 in A, 1 in B")]


def test_steps_are_compared_where_no_row_is_left_out() -> None:
    steps = [
        replace(RUN, history=[Row(s, {"x": 1, "y": 1}) for s in of]) for of in ([0, 5], [0, 6])
    ]
    assert told(*steps) == [("history", "_step", one_row(1, "5 | 6"))]
    assert told(*steps, ignore=["_step"]) == []
    later = replace(
        RUN, history=[Row(0, {"x": 1, "y": 1}), Row(1, {"z": 1}), *steps[0].history[1:]]
    )
    assert told(steps[0], later, ignore=["z"]) == []
    assert told(steps[0], replace(later, history=later.history[:2]), ignore=["x", "y", "z"]) == []


def test_summaries_of_an_old_wandb_have_no_times_to_compare() -> None:
    old = replace(RUN, summary_timed=False, summary_updates=())
    assert compare(old, RUN) == compare(RUN, old) == []


# Tolerance


@pytest.mark.parametrize(
    ("a", "b", "tolerance", "same"),
    [
        (1.0, 1.0 + 5e-7, 1e-6, True),
        (1.0, 1.0 + 5e-6, 1e-6, False),
        (1e6, 1e6 + 0.5, 1e-6, True),  # relative above 1
        (0.0, 5e-7, 1e-6, True),  # absolute below
        (1, 1.0, 0, True),
        (math.nan, math.nan, 0, True),
        (math.inf, math.inf, 0, True),
        (math.inf, 1e300, 1.0, False),
        (math.inf, -math.inf, 1.0, False),
        (math.nan, 0.0, 1.0, False),
        (True, 1, 1.0, False),
        (None, 0, 1.0, False),
        ([1, [2.0]], [1, [2.0 + 1e-9]], 1e-6, True),
        ([1], [1, 2], 1.0, False),
        ({"a": 1.0}, {"a": 1.0 + 1e-9}, 1e-6, True),
        ({"a": 1.0}, {"b": 1.0}, 1.0, False),
    ],
)
def test_equal(a: Any, b: Any, tolerance: float, same: bool) -> None:
    assert equal(a, b, tolerance) is same
    assert equal(b, a, tolerance) is same


def test_tolerance_reaches_every_place() -> None:
    other = replace(
        with_row(0, loss=1.01, **{"parameters/h.weights": {**HISTOGRAM, "bins": [0.0, 1.01, 2.0]}}),
        summary={**RUN.summary, "loss": 0.501},
    )
    assert len(compare(RUN, other)) == 3
    assert compare(RUN, other, tolerance=0.02) == []


@pytest.mark.parametrize("tolerance", [-1.0, math.nan, math.inf])
def test_impossible_tolerance(tolerance: float) -> None:
    with pytest.raises(ValueError, match="tolerance="):
        compare(RUN, RUN, tolerance=tolerance)


# Renaming and ignoring


def migrated(prefix: str = "epoch/") -> Recording:
    """The same run as the trio names things."""
    return replace(
        RUN,
        history=rows(*({f"{prefix}{k}": v for k, v in row.values.items()} for row in RUN.history)),
        summary={f"{prefix}{k}": v for k, v in RUN.summary.items()},
        summary_updates=(SummaryUpdate({f"{prefix}best_val_loss": 2.0}, (), 1),),
        metrics=(Metric(f"{prefix}epoch/*", f"{prefix}epoch/epoch", ()),),
        config={f"{prefix}lr": 0.1, f"{prefix}deep.n": 1},
        files=tuple(replace(f, path=prefix + f.path) for f in RUN.files),
        artifacts=(
            replace(
                MODEL, name=f"{prefix}model-x", contents=(ArtifactFile(f"{prefix}m.h5", "", 1),)
            ),
        ),
    )


NAMES = {
    "lr": "epoch/lr",
    "deep.n": "epoch/deep.n",
    "model-x": "epoch/model-x",
    "m.h5": "epoch/m.h5",
}
FILES = {f.path: f"epoch/{f.path}" for f in RUN.files}


def test_names_reach_every_place() -> None:
    assert compare(RUN, migrated(), rename={**NAMES, **FILES, "*": "epoch/*"}) == []


def test_a_star_stands_for_metrics_only() -> None:
    left = {d.where for d in compare(RUN, migrated(), rename={"*": "epoch/*"})}
    assert left == {"config", "files", "artifacts"}


def test_first_matching_rule_wins() -> None:
    rename = renamer([("epoch", "epoch/epoch"), ("best_*", "best_epoch/*"), ("*", "epoch/*")])
    assert [rename(k) for k in ("epoch", "best_val_loss", "loss", "a.b")] == [
        "epoch/epoch",
        "best_epoch/val_loss",
        "epoch/loss",
        "epoch/a.b",
    ]


def test_without_a_star_only_the_whole_key_is_renamed() -> None:
    rename = renamer({"loss": "epoch/loss"})
    assert [rename(k) for k in ("loss", "val_loss", "loss.x")] == [
        "epoch/loss",
        "val_loss",
        "loss.x",
    ]


def test_letters_of_patterns_mean_themselves() -> None:
    assert renamer({"a.b": "c"})("axb") == "axb"
    assert renamer({"a+*": "c*"})("a+1") == "c1"


@pytest.mark.parametrize("rule", [("*_*", "x"), ("x", "y*")])
def test_impossible_rules(rule: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match="at most one"):
        renamer([rule])


def test_two_keys_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="'loss' and 'val_loss' the name 'loss'"):
        compare(RUN, RUN, rename={"val_loss": "loss"})


@pytest.mark.parametrize("pattern", ["loss", "history:loss", "l*", "history:*"])
def test_ignore(pattern: str) -> None:
    assert compare(RUN, with_row(1, loss=0.6), ignore=[pattern]) == []


@pytest.mark.parametrize("pattern", ["summary:loss", "los", "rows", "History:*"])
def test_ignore_does_not_reach_further(pattern: str) -> None:
    assert len(compare(RUN, with_row(1, loss=0.6), ignore=[pattern])) == 1


def test_ignoring_a_key_that_has_rows_of_its_own() -> None:
    other = replace(RUN, history=(*RUN.history, Row(2, {"batch/loss": 1})))
    assert compare(RUN, other, ignore=["batch/*"]) == []


@pytest.mark.parametrize("key", ["a=b", "a*b", "*", "=", "a\\b", "a.b", " x ", "å", "a=b=c*"])
def test_every_key_can_be_renamed(key: str) -> None:
    a, b = (replace(RUN, history=rows({name: 1, "other": 2})) for name in (key, "new=*"))
    rule = f"{escape(key)}={escape('new=*')}"
    assert compare(a, b, rename=[parse(rule)]) == []
    assert renamer([parse(rule)])("other") == "other"


def test_nested_and_dotted_keys_are_two() -> None:
    both = {"a": {"b": 1}, "a.b": 2}
    a = replace(RUN, history=rows(both), summary=both, config=both)
    assert compare(a, a) == []
    changed = {"a": {"b": 1}, "a.b": 3}
    other = replace(RUN, history=rows(changed), summary=changed, config=changed)
    assert [(d.where, d.key) for d in compare(a, other)] == [
        (where, "a\\.b") for where in ("history", "summary", "config")
    ]
    changed = {"a": {"b": 3}, "a.b": 2}
    other = replace(RUN, history=rows(changed), summary=changed, config=changed)
    assert [d.key for d in compare(a, other)] == ["a.b"] * 3
    assert compare(a, other, rename={"a.b": "x"}, ignore=["x", "a.b"]) == []


def test_keys_that_get_one_name_in_different_rows() -> None:
    a = replace(RUN, history=rows({"loss": 1, "epoch": 0}, {"batch": 2}))
    b = replace(RUN, history=rows({"loss": 1, "epoch": 0}, {"loss": 2}))
    assert compare(a, b, rename={"batch": "loss"}) == []


# What was not read


IMAGE = {"_type": "image-file", "pixels": "abc", "sha256": "1"}
GONE = {"_type": "image-file", "unread": True, "sha256": "1"}
GRAPH = {"_type": "graph-file", "format": "keras", "nodes": [], "edges": [], "sha256": "1"}
GRAPH_GONE = {"_type": "graph-file", "unread": True, "sha256": "1"}
PICTURES = {"_type": "images/separated", "pixels": ["x", "y"], "sha256": ["1", "2"]}
ONE_GONE = {**PICTURES, "pixels": ["x", None], "unread": True}
HTML = {"_type": "html-file", "data": "1", "pixels": 1, "sha256": "1"}


@pytest.mark.parametrize(
    ("a", "b", "known"),
    [
        (IMAGE, IMAGE, True),
        (IMAGE, {**IMAGE, "sha256": "2"}, True),  # another compressor
        (IMAGE, {**IMAGE, "pixels": "x"}, False),
        (IMAGE, GONE, True),
        (GONE, GONE, True),
        (IMAGE, {**GONE, "sha256": "2"}, False),
        (GONE, {**GONE, "sha256": "2"}, False),
        (GONE, {**GONE, "sha256": None}, None),
        ({**GONE, "sha256": None}, {**GONE, "sha256": None}, None),
        (IMAGE, {**GONE, "caption": "x"}, False),
        ([IMAGE], [{**GONE, "sha256": None}], None),
        ([GONE, 1], [{**GONE, "sha256": None}, 2], False),
        (GRAPH, GRAPH_GONE, True),
        (GRAPH, {**GRAPH_GONE, "sha256": "2"}, None),  # its nodes have other names each time
        (GRAPH, {**GRAPH, "sha256": "2"}, True),
        (IMAGE, GRAPH, False),
        (PICTURES, ONE_GONE, True),
        (PICTURES, {**ONE_GONE, "sha256": ["1", "3"]}, False),
        (PICTURES, {**ONE_GONE, "sha256": ["1", None]}, None),
        (ONE_GONE, {**ONE_GONE, "pixels": ["z", None]}, False),  # whatever its digest says
        (ONE_GONE, {**ONE_GONE, "pixels": [None, "z"]}, True),
        (ONE_GONE, {**ONE_GONE, "pixels": [None], "sha256": ["1"]}, False),
        (HTML, {**HTML, "sha256": "2"}, False),  # what is called like a picture's content is none
        (GONE, {**GONE, "boxes": {"p": {"_type": "boxes2D", "boxes": [1]}}}, False),
    ],
)
def test_media_are_compared_by_what_is_known(a: Any, b: Any, known: bool | None) -> None:
    for x, y in ((a, b), (b, a)):
        assert verdict(x, y, 0) is known
        left, right = (replace(RUN, summary={"m": v}, history=rows({"m": v})) for v in (x, y))
        found = compare(left, right)
        assert [d.known for d in found] == ([] if known else [known is False] * 2)


def test_what_was_not_read_is_no_equality() -> None:
    unread = replace(RUN, notes=("the log is damaged",), unread=("the log is damaged",))
    (found,) = compare(RUN, unread)
    assert str(found) == "run: log: not read in B: the log is damaged"
    assert not found.known
    assert len(compare(unread, unread)) == 2
    report = as_text(RUN, unread, [found], 1e-6)
    assert "No difference in what could be compared" in report.replace("differences", "difference")
    assert report.endswith("1 thing could not be compared.")
    assert json.loads(as_json(RUN, unread, [found], 1e-6))["equal"] is False


@pytest.mark.parametrize(
    ("a", "b", "tolerance", "same"),
    [
        (10**400, 10**400, 0, True),
        (10**400, 1.5, 1e-6, False),
        (10**400, math.inf, 1e-6, False),
        (10**400, math.nan, 1e-6, False),
        (10**400, 10**400 + 1, 1e-6, True),
        (10**400, 10**400 + 1, 0, False),
        (10**400, 2 * 10**400, 1e-6, False),
        (1, 2, math.inf, False),
    ],
)
def test_numbers_that_no_float_can_hold(a: Any, b: Any, tolerance: float, same: bool) -> None:
    assert equal(a, b, tolerance) is same
    assert equal(b, a, tolerance) is same


# Reports


def test_report_of_equal_runs() -> None:
    report = as_text(RUN, RUN, [], 1e-6)
    assert "/runs/a  (wandb 0.27.0, 2 rows)" in report
    assert report.endswith(
        "No difference: 2 rows of 4 keys, 3 summary keys, 2 files, 1 artifact (tolerance 1e-06)."
    )


def test_report_of_a_migration_suggests_the_renaming() -> None:
    other = replace(migrated(), notes=("the log has no end",))
    found = compare(RUN, other)
    report = as_text(RUN, other, found, 1e-6)
    assert "Note on B: the log has no end." in report
    assert "  loss " in report
    assert report.splitlines()[-2] == f"{len(found)} differences (tolerance 1e-06)."
    assert report.splitlines()[-1] == "Renamed? Try: --map '*=epoch/*'"
    assert suggest(found)["val_loss"] == "epoch/val_loss"
    both = replace(other, summary={**other.summary, **RUN.summary})  # which a star would take
    report = as_text(RUN, both, compare(RUN, both), 1e-6)
    assert "--map epoch=epoch/epoch --map loss=epoch/loss" in report.splitlines()[-1]


def test_json_report() -> None:
    found = compare(RUN, with_row(1, loss=0.6))
    report = json.loads(as_json(RUN, RUN, found, 1e-6))
    assert report["equal"] is False
    assert report["a"] == {"directory": "/runs/a", "wandb": "0.27.0", "rows": 2, "notes": []}
    assert report["differences"] == [
        {
            "where": "history",
            "key": "loss",
            "what": "1 of 2 rows differs, first row 1: 0.5 | 0.6",
            "a": "0.5",
            "b": "0.6",
            "known": True,
        }
    ]


def test_difference_reads_as_a_sentence() -> None:
    assert str(Difference("history", "loss", "only in A (2 rows)", "1", "absent")) == (
        "history: loss: only in A (2 rows)"
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.1 + 0.2, "0.3"),
        ("x" * 99, "x" * 57 + "..."),
        ({"_type": "graph-file", "nodes": [1, 2]}, "graph of 2 nodes"),
        ({"_type": "table-file", "nrows": 2, "ncols": 3}, "table of 2 rows, 3 columns"),
        ({"_type": "images/separated", "count": 4}, "4 images"),
        ({"_type": "image-file"}, "image-file"),
        ({"a": 1}, "{'a': 1}"),
        ({"_type": "histogram", "bins": [10**400], "values": [1]}, "histogram"),
        ({"_type": "histogram", "bins": [0], "values": [10**400, 0.5]}, "histogram"),
    ],
)
def test_shown(value: Mapping[str, Any], text: str) -> None:
    assert shown(value) == text
