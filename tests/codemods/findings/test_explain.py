"""What ``--explain`` says: true examples, and near words for a word it does not know."""

from __future__ import annotations

import pytest

from wandb_keras_codemods import CODES, migrate
from wandb_keras_codemods.findings.explain import explain

EXAMPLES = [code for code in CODES.values() if code.before]


def left(source):
    return {f.code for f in migrate(source, "wandb").findings if f.kind in ("manual", "metric")}


@pytest.mark.parametrize("code", EXAMPLES, ids=lambda code: code.code)
def test_after_what_is_advised_nothing_is_left(code):
    assert code.code in left(code.before)
    assert left(code.after) == set()
    assert migrate(code.after, "wandb").changed
    said = explain(code.code)
    assert all(line in said for line in (*code.before.split("\n"), *code.after.split("\n")))


def test_the_next_step_is_shown_where_it_is_not_plain():
    assert {code.code for code in EXAMPLES} >= {"WKM401", "WKM403", "WKM411", "WKM413", "WKM507"}


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("log_weight", "log_weights"),
        ("Weights", "log_weights"),
        ("graph", "save_graph"),
        ("prefix", "log_best_prefix"),
        ("pragma", "WKM215"),
        ("sweep", "WKM501"),
        ("WKM99", "WKM9"),
    ],
)
def test_an_unknown_word_gets_near_ones(word, meant):
    with pytest.raises(KeyError, match=f"did you mean .*{meant}"):
        explain(word)


def test_a_word_that_nothing_is_like_is_told_what_there_is():
    with pytest.raises(KeyError, match="a code such as WKM201 or an argument such as log_weights"):
        explain("zzz")
