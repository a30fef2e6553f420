"""Metric names in sweep files."""

from __future__ import annotations

import pytest

from wandb_keras_codemods.files.yaml import mentions, migrate_yaml

SWEEP = """\
# what we look for
program: train.py
method: bayes   # not grid
metric:
  goal: minimize
  name: {name}  # from the callback

parameters:
  lr: {{values: [0.1, 0.01]}}
"""


@pytest.mark.parametrize("eol", ["\n", "\r\n"])
@pytest.mark.parametrize("quote", ["", "'", '"'])
@pytest.mark.parametrize("name", ["val_loss", "loss", "accuracy", "val_my_acc"])
def test_the_name_is_rewritten_and_nothing_else(name, quote, eol):
    before = SWEEP.format(name=f"{quote}{name}{quote}").replace("\n", eol)
    after = SWEEP.format(name=f"{quote}epoch/{name}{quote}").replace("\n", eol)
    migration = migrate_yaml(before, rename=True)
    assert migration.code == after
    assert [f.code for f in migration.findings] == ["WKM104"]
    assert not migrate_yaml(after, rename=True).changed


def test_the_name_is_reported():
    migration = migrate_yaml(SWEEP.format(name="val_loss"))
    (finding,) = migration.findings
    assert not migration.changed
    assert (finding.code, finding.line, finding.column) == ("WKM501", 6, 9)
    assert (finding.end_line, finding.end_column) == (6, 17)
    assert "epoch/val_loss" in finding.message


@pytest.mark.parametrize(
    "text",
    [
        "",
        "metric: {name: val_loss}",
        "metric: val_loss\nparameters: {}",
        "metric: [name]\nparameters: {}",
        "metric: {name: my_score}\nparameters: {}",
        "metric: {name: epoch/val_loss}\nparameters: {}",
        "metric: {name: [val_loss]}\nparameters: {}",
        "parameters: {metric: {name: val_loss}}",
        "a: b: c",
        "a: &a [*a]",
        "\t- broken",
        "1: 2\nmetric: {}\nmethod: grid",
    ],
)
def test_other_files_are_left_alone(text):
    migration = migrate_yaml(text, rename=True)
    assert not migration.changed
    assert migration.findings == ()


def test_documents_and_nested_sweeps():
    text = "---\na: 1\n---\nsweeps:\n- method: grid\n  metric: {name: val_loss}\n"
    migration = migrate_yaml(text, rename=True)
    assert migration.code == text.replace("val_loss", "epoch/val_loss")


def test_a_name_in_escapes_is_only_reported():
    migration = migrate_yaml('method: grid\nmetric: {name: "val\\x5floss"}\n', rename=True)
    assert not migration.changed
    assert [f.code for f in migration.findings] == ["WKM501"]


def test_mentions():
    assert mentions(b"metric:\n  goal: minimize\n  name: loss\nmethod: grid\n")
    assert mentions(b"parameters: {}\nmetric: {name: loss}\n")
    assert not mentions(b"metric:\n  name: loss\n")  # no sweep: it need not be parsed
    assert not mentions(b"name: loss\nmetrics: 1\n")


def test_the_search_for_words_is_linear():
    from time import process_time

    def seconds(lines):
        data = b"metric: value\n" * lines
        start = process_time()
        assert not mentions(data)
        return process_time() - start

    seconds(1_000)
    assert seconds(64_000) < 1  # 8,000 lines took 10 s when the time grew with the square


def test_a_comment_keeps_one_name_and_the_others_are_rewritten():
    kept = SWEEP.format(name="val_loss")
    text = kept.replace("# from the callback", "# wandb-keras: ignore[WKM601]") + "---\n" + kept
    lines = [n for n, line in enumerate(text.splitlines(), 1) if "ignore" in line]
    migration = migrate_yaml(text, rename=True, kept=lambda first, last: first in lines)
    assert migration.code.count("epoch/val_loss") == 1
    assert "name: val_loss  # wandb-keras" in migration.code
    assert len(migration.findings) == 1


@pytest.mark.parametrize("name", ["best_val_loss", "best_epoch", "best_val_accuracy"])
def test_best_values_are_reported_as_in_a_program(name):
    migration = migrate_yaml(SWEEP.format(name=name), rename=True)
    assert not migration.changed
    assert [(f.code, f.line) for f in migration.findings] == [("WKM507", 6)]


@pytest.mark.parametrize("name", ["val_pictures", "val_batch_size", "val_my_metric"])
def test_what_only_begins_like_a_metric_is_told_and_not_rewritten(name):
    migration = migrate_yaml(SWEEP.format(name=name), rename=True)
    assert not migration.changed
    assert [f.code for f in migration.findings] == ["WKM501"]


@pytest.mark.parametrize(
    "text",
    [
        "method: grid\nparameters: {watch: {value: &m val_loss}}\nmetric: {name: *m}\n",
        "method: grid\nmetric: {name: &m val_loss}\nparameters: {watch: {value: *m}}\n",
        "x: &x {name: val_loss}\nmethod: grid\nmetric: *x\nparameters: {early: *x}\n",
    ],
)
def test_an_anchor_that_is_shared_is_not_rewritten(text):
    migration = migrate_yaml(text, rename=True)
    assert not migration.changed
    if "&m" in text:
        assert [f.code for f in migration.findings] == ["WKM501"]
        assert "anchor" in migration.findings[0].suggestion


def test_an_anchor_of_its_own_is_rewritten():
    text = "method: grid\nmetric: {name: &m val_loss}\nparameters: {}\n"
    assert "&m epoch/val_loss" in migrate_yaml(text, rename=True).code
