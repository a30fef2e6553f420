"""IPython's syntax is hidden from the parser and comes back byte for byte."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wandb_keras_codemods.files.magics import Foreign, Masks, mask, without_uses
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


@pytest.mark.parametrize("cell", ["print 'x'", "model.fit(", "!ls\nif x:", 'x = """wkm-0"""', "\0"])
def test_what_is_no_python(cell):
    masks = Masks()
    masks.hide("an earlier cell's")
    with pytest.raises(ParseFailure):
        mask(cell, masks)
    assert masks.texts == ["an earlier cell's"]


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
    except (Foreign, ParseFailure):
        assert masks.texts == []
    else:
        assert masks.show(without_uses(masked)) == cell
        assert masked.count("\n") == cell.count("\n")
