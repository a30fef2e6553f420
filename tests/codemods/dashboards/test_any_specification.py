"""Specifications of any shape, as the words of the table are put together at random."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from wandb_keras_codemods.dashboards import Names
from wandb_keras_codemods.dashboards.panels import OUTSIDE, PANELS
from wandb_keras_codemods.dashboards.specification import rewrite

FIELDS = sorted({name for table in (OUTSIDE, *PANELS.values()) for name in table})
OTHERS = ["gpu", "train/f1", "_step", "config:loss", "run:epoch", "summary", "", "${x}", "Vega2"]
LEGACY = ["loss", "summary:val_loss", "epoch", "val_iou", "best_acc", "a:acc", "${lr}*2", "val_.*"]


def trees(words):
    """Return JSON objects with panels, run sets and what is neither, of some words."""
    word = st.sampled_from(words)
    leaf = st.one_of(word, word, st.none(), st.booleans(), st.floats(-9, 9))
    value = st.one_of(
        leaf,
        st.lists(word, max_size=4),
        st.lists(leaf, max_size=3),
        st.dictionaries(word, leaf, max_size=3),
        st.lists(st.fixed_dictionaries({"accessor": leaf, "log": leaf}), max_size=2),
    )
    fields = st.dictionaries(st.sampled_from([*FIELDS, "other"]), value, max_size=5)
    kinds = st.sampled_from([*PANELS, "Vega2", "Hologram 3000"])
    panel = st.fixed_dictionaries({"viewType": kinds, "config": fields | leaf, "layout": leaf})
    key = st.fixed_dictionaries(
        {"section": st.sampled_from(["summary", "config", "keys_info", "run"]), "name": leaf}
    )
    test = st.fixed_dictionaries({"key": key | leaf, "op": leaf, "value": leaf})
    keys = st.lists(st.one_of(key, test, leaf), max_size=3)
    some = st.fixed_dictionaries({"filters": keys, "sort": keys, "runFeed": fields, "name": leaf})
    overrides = st.dictionaries(word, fields | leaf, max_size=2)
    return st.fixed_dictionaries(
        {
            "panels": st.lists(panel | leaf, max_size=3),
            "runSets": st.lists(some, max_size=2),
            "panelConfigOverrides": overrides | leaf,
            "name": leaf,
            "deep": st.lists(st.lists(fields)),
            "filters": keys | leaf,
        }
    )


@settings(max_examples=150, deadline=None)
@given(trees(OTHERS), st.booleans())
def test_without_legacy_names_nothing_changes(tree, only_new):
    found = rewrite(json.dumps(tree), Names(), only_new=only_new)
    assert json.loads(found.text) == tree
    assert not found.changed


@settings(max_examples=150, deadline=None)
@given(trees([*OTHERS, *LEGACY]), st.booleans())
def test_once_is_enough(tree, only_new):
    once = rewrite(json.dumps(tree), Names(), only_new=only_new)
    again = rewrite(once.text, Names(), only_new=only_new)
    assert not again.changed
    assert json.loads(again.text) == json.loads(once.text)


@settings(max_examples=150, deadline=None)
@given(trees([*OTHERS, *LEGACY]), st.booleans())
def test_what_changes_is_said(tree, only_new):
    found = rewrite(json.dumps(tree), Names(), only_new=only_new)
    assert found.changed == (json.loads(found.text) != tree)
