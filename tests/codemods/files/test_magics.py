"""IPython's syntax is hidden from the parser and comes back byte for byte."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wandb_keras_codemods.files.magics import (
    Foreign,
    Masks,
    Opaque,
    is_taken,
    mask,
    uses,
    without_uses,
)
from wandb_keras_codemods.findings import ParseFailure

CELLS = [
    "%matplotlib inline",
    "%matplotlib inline\nimport wandb\n",
    "!pip install wandb \\\n    keras \\\n    tensorflow\nx = 1",
    "files = !ls -la\nfor f in files:\n    !rm {f}\n",
    "a, b = !echo 1\nself.x[0] = %env HOME",
    "df?",
    "?df\n??df\ndf.head??",
    "if colab:\n\t!pip install wandb\n\t%cd /content\nelse:\n    %load_ext tensorboard",
    "%%time\nmodel.fit(x)",
    "%%capture out\n%%time\nmodel.fit(x)",
    "\n%%wandb\nmodel.fit(x)",
    "%%timeit -n 3\nx = 1\r\ny = 2",
    "%%time",
    "%time model.fit(x, callbacks=[cb])",
    "text = '''\n%not a magic\n!nor this\n'''\n%real",
    "x = (1\n     % 2)\n%magic",
    "x = [\n  1, # )\n]\n!ls  # comment",
    "await run()\n!ls",
    "def f():\n    !ls\n    return 1",
    "!ls \\",
    "x = 5 \\\n  % 3\n!ls",
    "print('a?')\n!ls",
    "%%capture\n!pip install -q x\nimport wandb",
    "pip install wandb\nimport a",
    "cd /content\nls -la\nx = 1",
    "!pip install \\\r\n  wandb \\\r\n  keras\r\nx = 1",
    "time model.fit(x)\ny = 1",
    "%store cb",
    "x = %time f(cb)",
]


@pytest.mark.parametrize("cell", CELLS)
def test_a_cell_becomes_python_and_comes_back(cell):
    masks = Masks()
    masked = mask(cell, masks)
    ast.parse(masked)
    assert masked.count("\n") == cell.count("\n")
    assert masks.shown_once(masked)
    assert masks.show(without_uses(masked)) == cell


@pytest.mark.parametrize(
    "cell", ["x = 1", "def f():\n    return 7 % 3\n", "'''\n%magic\n'''", "", "# %magic", "x = a\n"]
)
def test_plain_python_is_left_alone(cell):
    masks = Masks()
    assert mask(cell, masks) == cell
    assert masks.texts == []


@pytest.mark.parametrize("name", ["bash", "html", "writefile train.py", "javascript", "R", "sql"])
def test_cells_of_other_languages(name):
    with pytest.raises(Foreign):
        mask(f"%%{name}\nfrom wandb.keras import WandbCallback", Masks())


@pytest.mark.parametrize("cell", ["print 'x'", "model.fit(", "!ls\nif x:", "\0"])
def test_what_is_no_python(cell):
    masks = Masks()
    masks.hide("an earlier cell's")
    with pytest.raises(ParseFailure):
        mask(cell, masks)
    assert masks.texts == ["an earlier cell's"]


@pytest.mark.parametrize(
    "cell",
    [
        "%%mine\nprint(cbs[1])",
        "%%time\n%%mine\nprint(cbs[1])",
        "%%timeit from wandb.keras import WandbCallback\nWandbCallback()",
        "%%timeit -n 3 x = 1\nx",
    ],
)
def test_cells_that_may_be_python_in_their_own_way(cell):
    masks = Masks()
    with pytest.raises(Opaque):
        mask(cell, masks)
    assert masks.texts == []


@pytest.mark.parametrize("cell", ["cd = 1\nfoo bar", "ls == 1\nfoo bar", "pip\nprint 'x'"])
def test_names_of_magics_are_names(cell):
    with pytest.raises(ParseFailure):
        mask(cell, Masks())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("print(cbs[1])", "wkm_uses(cbs, print)"),
        ("from wandb.keras import W", "W = wkm_uses(W, wandb.keras)"),
        ("a = b = c", "a = b = wkm_uses(a, b, c)"),
        ("a, b = c", "a = b = wkm_uses(a, b, c)"),
        ("x += 1", "x = wkm_uses(x)"),
        ("x: int = 1", "x = wkm_uses(int, x)"),
        ("if x == 1: pass", "wkm_uses(x)"),
        ("for i in y: z.a()", "i = wkm_uses(i, y, z.a)"),
        ("import a.b as c", "c = wkm_uses(a.b, c)"),
        ("", "wkm_uses()"),
        (
            "f(WandbCallback(a), wandb.keras.WandbCallback ())",
            "wkm_uses(WandbCallback(), a, f, wandb.keras.WandbCallback())",
        ),
        ("WandbCallback(); type(c) is WandbCallback", "wkm_uses(WandbCallback, c, type)"),
    ],
)
def test_uses_and_bindings_of_a_text(text, expected):
    made = uses(text)
    assert made == expected
    assert without_uses(f"x; {made}") == "x"


@pytest.mark.parametrize(
    "line", ["%store cb", "%time f(cb)", "!echo $cb", "!echo {cb}", "%env A={cb}", "%mine cb"]
)
def test_a_line_that_may_read_a_name_uses_it(line):
    assert "cb" in mask(line, Masks()).partition("wkm_uses(")[2]


@pytest.mark.parametrize("line", ["!ls cb", "%cd cb", "%load_ext cb", "%pip install cb", "cb?"])
def test_a_line_that_reads_no_name_uses_none(line):
    assert "cb" not in mask(line, Masks())


@pytest.mark.parametrize("cell", ['x = """wkm-0"""', "wkm_uses(a)"])
def test_what_stands_for_hidden_texts_is_taken(cell):
    assert is_taken(cell)
    assert not is_taken("wkm-1; my_wkm")


def test_names_in_a_timed_line_count_as_used():
    assert "cb" in mask("%time model.fit(x, callbacks=[cb])", Masks())
    assert "ls" not in mask("!ls cb", Masks())


LINES = st.sampled_from(
    [
        "x = 1",
        "%magic a b",
        "!ls \\",
        "    more",
        "if x:",
        "    !ls",
        "    y = %env A",
        "df?",
        "'''",
        "z = '''",
        "f(1,",
        "  2)",
        "# comment?",
        "%%time",
        "",
        "s = 'it''s'",
        "\\",
        '"',
        "}",
        "é = !ls",
    ]
)


@given(st.lists(LINES, max_size=12), st.sampled_from(["\n", "\r\n"]))
@settings(max_examples=400, deadline=None)
def test_whatever_the_lines_nothing_is_lost(lines, eol):
    cell = eol.join(lines)
    masks = Masks()
    try:
        masked = mask(cell, masks)
    except (Foreign, Opaque, ParseFailure):
        assert masks.texts == []
    else:
        assert masks.show(without_uses(masked)) == cell
        assert masked.count("\n") == cell.count("\n")
