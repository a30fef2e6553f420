"""The shown diff is minimal."""

from __future__ import annotations

import difflib

from hypothesis import given, settings
from hypothesis import strategies as st

from wandb_keras_codemods.files.differences import Comparison, lines, unified
from wandb_keras_codemods.files.outcome import Outcome


def test_frequent_lines_are_no_junk():
    block = "    first\n    second\n" * 150
    old, new = f"{block}old()\n{block}", f"start()\n{block}new()\n{block}end()\n"
    shown = Outcome("a.py", "python", old, new).diff()
    changed = [line for line in shown[2:] if line[0] in "+-"]
    assert changed == ["+start()", "-old()", "+new()", "+end()"]
    junk = list(difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm=""))
    assert len(junk) > 10 * len(shown)  # what it is compared with


def test_lines_end_where_editors_end_them():
    assert lines("a\x0cb\rc\r\nd\n\ne\x1c\u2028") == ["a\x0cb", "c", "d", "", "e\x1c\u2028"]


TEXTS = st.lists(st.sampled_from(["a", "b", "c", ""]), max_size=12).map("\n".join)


@given(TEXTS, TEXTS, st.integers(0, 3))
@settings(max_examples=300, deadline=None)
def test_the_diff_makes_the_new_text_of_the_old(old, new, context):
    before, after = lines(old), lines(new)
    made = []
    for tag, i, j, k, m in Comparison(before, after).get_opcodes():
        assert (before[i:j] == after[k:m]) == (tag == "equal")
        made += before[i:j] if tag == "equal" else after[k:m]
    assert made == after
    ours = list(unified(old, new, ("x", "y"), context))[2:]
    theirs = list(difflib.unified_diff(before, after, lineterm="", n=context))[2:]
    assert (ours == []) == (theirs == [])
    assert sum(line[0] in "+-" for line in ours) <= sum(line[0] in "+-" for line in theirs) + 4
    for line in ours:
        assert line[0] in " +-@"
