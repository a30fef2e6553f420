"""Notebooks: one module for all cells, and only changed sources differ in the JSON text."""

from __future__ import annotations

import dataclasses
import difflib
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wandb_keras_codemods import migrate
from wandb_keras_codemods.files.notebook import _FIND_SENTINEL, migrate_notebook
from wandb_keras_codemods.files.notebook_json import BadNotebook, read
from wandb_keras_codemods.files.process import Options, process
from wandb_keras_codemods.files.walk import Candidate

IMPORT = "import wandb\nfrom wandb.keras import WandbCallback"
FIT = "model.fit(x, y, callbacks=[WandbCallback(save_model=False)])"
NEW_IMPORT = "import wandb\nfrom wandb.integration.keras import WandbMetricsLogger"
NEW_FIT = "model.fit(x, y, callbacks=[WandbMetricsLogger()])"
NOTEBOOKS = sorted((Path(__file__).parent / "notebooks").glob("*.ipynb"))
PNG = "iVBORw0KGgo" * 50


def lines(source):
    return source.splitlines(keepends=True)


def code(text, **more):
    output = {"output_type": "display_data", "data": {"image/png": PNG}, "metadata": {}}
    cell = {"cell_type": "code", "execution_count": 7, "id": "abc", "metadata": {"tags": ["é"]}}
    return {**cell, "outputs": [output], "source": lines(text), **more}


def markdown(source):
    return {"cell_type": "markdown", "metadata": {}, "source": lines(source)}


def notebook(*cells, **more):
    metadata = {"kernelspec": {"language": "python", "name": "python3"}}
    return {"cells": list(cells), "metadata": metadata, "nbformat": 4, "nbformat_minor": 5, **more}


def run(document, **options):
    data = document if isinstance(document, bytes) else json.dumps(document, indent=1).encode()
    return process(
        Candidate("a.ipynb", "notebook", data), Options(**{"target": "wandb", **options})
    )


def sources(data):
    return ["".join(cell["source"]) for cell in json.loads(data)["cells"]]


def codes(outcome):
    return {finding.code for finding in outcome.findings}


@pytest.mark.parametrize("indent", [None, 0, 1, 2, 4, "\t"])
@pytest.mark.parametrize("escape", [True, False])
@pytest.mark.parametrize("ending", ["", "\n"])
def test_only_the_changed_strings_differ(indent, escape, ending):
    document = notebook(
        markdown("# Übung ✓"), code("!pip install wandb\n" + IMPORT), code("# Größe\n" + FIT + "\n")
    )
    text = json.dumps(document, indent=indent, ensure_ascii=escape) + ending
    outcome = run(text.encode("utf-8"))
    new = outcome.new.decode("utf-8")
    expected = text.replace(
        "from wandb.keras import WandbCallback",
        "from wandb.integration.keras import WandbMetricsLogger",
    ).replace("WandbCallback(save_model=False)", "WandbMetricsLogger()")
    assert new == expected


def test_a_line_more_takes_the_layout_of_the_others():
    source = "import wandb\nfrom wandb.keras import WandbCallback\nwandb.init()\n"
    call = "model.fit(\n  x,\n  validation_data=v,\n  callbacks=[\n    WandbCallback(),\n  ],\n)"
    data = json.dumps(notebook(code(source + call)), indent=2).encode()
    outcome = run(data)
    assert json.dumps(json.loads(outcome.new), indent=2).encode() == outcome.new
    assert len(sources(outcome.new)[0].splitlines()) == len((source + call).splitlines()) + 1
    diff = [
        line
        for line in difflib.ndiff(data.decode().splitlines(), outcome.new.decode().splitlines())
        if line[0] in "+-"
    ]
    assert len(diff) == 5  # the import, and one call that becomes two


@pytest.mark.parametrize("source", [IMPORT + "\n" + FIT, lines(IMPORT + "\n" + FIT)])
def test_the_form_of_the_source_stays(source):
    outcome = run(notebook(code("", source=source)))
    assert type(json.loads(outcome.new)["cells"][0]["source"]) is type(source)
    assert sources(outcome.new) == [NEW_IMPORT + "\n" + NEW_FIT]


def test_unusual_but_valid_json():
    text = '\ufeff{"nbformat":4,"metadata":{},\r\n"cells" : [ {"source":[ "from wandb.keras import '
    text += 'WandbCallback\\n" ,"m.\\u0066it(callbacks=[WandbCallback(save_model=False)])" ],'
    text += '"cell_type":"code"} , {"cell_type":"raw","source":[]}]}'
    outcome = run(text.encode("utf-8"))
    new = outcome.new.decode("utf-8")
    assert new.startswith('\ufeff{"nbformat":4,"metadata":{},\r\n"cells" : [ {"source":[ "from ')
    assert new.endswith(' ,"m.fit(callbacks=[WandbMetricsLogger()])" ],' + text.split(" ],")[1])


def test_an_unchanged_notebook_is_not_written():
    data = json.dumps(notebook(code("import wandb"), code("# WandbCallback"))).encode()
    outcome = run(data)
    assert outcome.new is outcome.old
    assert outcome.state == "unchanged"


def test_names_resolve_from_cell_to_cell():
    cells = [
        code("%matplotlib inline\n" + IMPORT),
        code("cb = WandbCallback()"),
        code("%%time\nmodel.fit(x, validation_data=v, callbacks=[cb, other])"),
    ]
    outcome = run(notebook(*cells))
    assert sources(outcome.new) == [
        "%matplotlib inline\nimport wandb\n"
        "from wandb.integration.keras import WandbMetricsLogger, WandbModelCheckpoint",
        sources(outcome.new)[1],
        "%%time\nmodel.fit(x, validation_data=v, callbacks=[*cb, other])",
    ]
    assert sources(outcome.new)[1].startswith("cb = [\n    WandbMetricsLogger(),")
    assert not run(outcome.new).changed


def test_findings_know_cell_and_line():
    outcome = run(notebook(markdown("# Title"), code(IMPORT), code("x = 1\n\n" + FIT)))
    places = {(f.code, f.cell, f.line, f.column) for f in outcome.findings}
    assert ("WKM102", 2, 2, 1) in places
    assert ("WKM101", 3, 3, 28) in places
    text = outcome.old.decode().splitlines()
    for finding, line, _ in outcome.located():
        source = sources(outcome.old)[finding.cell - 1].splitlines()
        assert source[finding.line - 1] in text[line - 1]


def test_a_cell_that_does_not_parse_is_left_out_and_the_others_migrate():
    outcome = run(notebook(code(IMPORT), code("print 'old'"), code(FIT)))
    assert sources(outcome.new) == [NEW_IMPORT, "print 'old'", NEW_FIT]
    assert "WKM216" in codes(outcome)


def test_an_import_that_only_a_broken_cell_needs_stays():
    outcome = run(notebook(code(IMPORT), code("model.fit(callbacks=[WandbCallback()"), code(FIT)))
    assert "from wandb_keras_compat import WandbCallback" in sources(outcome.new)[0]
    assert "WandbMetricsLogger" in sources(outcome.new)[0]
    assert sources(outcome.new)[1] == "model.fit(callbacks=[WandbCallback()"
    found = [finding for finding in outcome.findings if finding.code == "WKM423"]
    assert [(finding.cell, finding.kind) for finding in found] == [(2, "manual")]


def test_a_name_that_a_timed_line_uses_keeps_its_meaning():
    cells = [code(IMPORT), code("cb = WandbCallback()"), code("%time model.fit(x, callbacks=[cb])")]
    outcome = run(notebook(*cells))
    assert sources(outcome.new)[1:] == [
        "cb = WandbCallback()",
        "%time model.fit(x, callbacks=[cb])",
    ]
    assert "from wandb_keras_compat import WandbCallback" in sources(outcome.new)[0]


@pytest.mark.parametrize("magic", ["%%bash", "%%writefile train.py", "%%html"])
def test_cells_of_other_languages_are_reported(magic):
    outcome = run(notebook(code(IMPORT), code(FIT), code(f"{magic}\n{IMPORT}\n{FIT}")))
    assert sources(outcome.new)[2] == f"{magic}\n{IMPORT}\n{FIT}"
    found = [f for f in outcome.findings if f.code == "WKM422"]
    assert [(f.cell, f.line) for f in found] == [(3, 3)]


def test_markdown_cells_are_reported_and_kept():
    outcome = run(notebook(markdown("We use `WandbCallback`."), code(IMPORT), code(FIT)))
    assert sources(outcome.new)[0] == "We use `WandbCallback`."
    assert ("WKM422", 1, 1, 9) in {(f.code, f.cell, f.line, f.column) for f in outcome.findings}


def test_versions_that_the_notebook_installs():
    cells = [code("x = 1\n!pip install -q keras wandb==0.13.4"), code(IMPORT), code(FIT)]
    found = [f for f in run(notebook(*cells)).findings if f.kind == "requirement"]
    assert [(f.code, f.cell, f.line, f.column) for f in found] == [("WKM601", 1, 2, 23)]


def test_a_pragma_in_a_cell():
    outcome = run(notebook(code(IMPORT), code(FIT + "  # wandb-keras: ignore"), code(FIT)))
    assert sources(outcome.new)[1] == FIT + "  # wandb-keras: ignore"
    assert sources(outcome.new)[2] == NEW_FIT


UNUSED = "from wandb.keras import WandbCallback"
LONG = "cbs = [WandbCallback(), other]"


@pytest.mark.parametrize(
    "user",
    [
        "%%mine\nfirst, second = cbs",
        "%%timeit a, b = cbs\na",
        "%store cbs",
        "!echo {len(cbs)}",
        "%time len(cbs)",
        "print('old'; len(cbs)",
        'get_ipython().run_cell("first, second = cbs")',
        'get_ipython().run_cell_magic("time", "", "first, second = cbs")',
        'get_ipython().run_line_magic("store", "cbs")',
        'exec("len(cbs)")',
    ],
)
def test_a_name_that_may_be_read_out_of_sight_keeps_its_value(user):
    cells = [code(IMPORT), code(LONG), code(user), code("model.fit(x, callbacks=cbs)")]
    outcome = run(notebook(*cells))
    assert sources(outcome.new)[1:] == [LONG, user, "model.fit(x, callbacks=cbs)"]
    assert "from wandb_keras_compat import WandbCallback" in sources(outcome.new)[0]


@pytest.mark.parametrize(
    "cell",
    [
        "%%mine\nWandbCallback = Mine",
        "%%mine\nfrom a import WandbCallback",
        "%time WandbCallback = Mine",
    ],
)
def test_a_name_that_may_be_bound_out_of_sight_is_not_known(cell):
    outcome = run(notebook(code(IMPORT), code(cell), code(FIT)))
    assert sources(outcome.new)[1:] == [cell, FIT]
    assert outcome.count("manual") > 0


@pytest.mark.parametrize("magic", ["%%mine", "%%timeit from wandb.keras import WandbCallback"])
def test_a_cell_that_is_run_in_its_own_way_is_reported(magic):
    cell = f"{magic}\n{FIT}"
    outcome = run(notebook(code(IMPORT), code(FIT), code(cell)))
    assert sources(outcome.new)[2] == cell
    assert {(f.cell, f.code) for f in outcome.findings} >= {(3, "WKM422")}
    assert "WandbCallback" in sources(outcome.new)[0]  # the cell may need it


def test_versions_on_further_lines_of_an_installation():
    cell = "!pip install -q \\\r\n  keras \\\r\n  wandb==0.13.4\r\nprint('wandb<0.1')"
    outcome = run(notebook(code(cell), code(IMPORT), code(FIT)))
    found = [f for f in outcome.findings if f.kind == "requirement"]
    assert [(f.code, f.cell, f.line) for f in found] == [("WKM601", 1, 3)]


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        (code("!pip install wandb==0.16.6"), 1),
        (code("!pip install wandb==0.16.6  # wandb-keras: ignore[WKM601]"), 0),
        (code("%%bash\npip install wandb==0.16.6"), 1),
        (code("print('pip install wandb==0.16.6')"), 0),
        (markdown("Run `pip install wandb==0.16.6` first."), 1),
        (markdown("It was wandb==0.16.6."), 0),
        (markdown("`pip install wandb==0.16.6` <!-- # wandb-keras: ignore -->"), 0),
    ],
)
def test_versions_are_reported_once_where_they_are_installed(cell, number):
    outcome = run(notebook(cell, code(IMPORT), code(FIT)))
    assert [f.cell for f in outcome.findings if f.kind == "requirement"] == [1] * number


def test_automagic_is_no_error():
    outcome = run(notebook(code("pip install keras\n" + IMPORT), code(FIT)))
    assert sources(outcome.new) == ["pip install keras\n" + NEW_IMPORT, NEW_FIT]
    assert not codes(outcome) & {"WKM216", "WKM423"}


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_cell_of_which_nothing_is_left_goes(at, indent):
    cells = [code("a = 1"), code("b = 2")]
    cells.insert(at, code(UNUSED + "\n", id="gone"))
    data = json.dumps(notebook(*cells), indent=indent).encode()
    outcome = run(data)
    left = json.dumps(notebook(code("a = 1"), code("b = 2")), indent=indent).encode()
    assert outcome.new == left
    assert f"cell {at + 1}" not in outcome.after


def test_several_cells_of_which_nothing_is_left_go():
    assert sources(run(notebook(code(UNUSED))).new) == []
    cells = [code(UNUSED), code("", id="was empty"), code(UNUSED), code("a"), code(UNUSED)]
    assert sources(run(notebook(*cells)).new) == ["", "a"]


def test_cells_with_crlf_keep_it():
    cells = [
        code(f"import wandb\r\n{UNUSED}\r\n"),
        code("x = '''\n'''\n" + FIT),
        code("model.fit(x, callbacks=[\r\n    WandbCallback(),\r\n])"),
    ]
    first, second, third = sources(run(notebook(*cells), target="compat").new)
    assert first.count("\r\n") == first.count("\n") > 1
    assert third.count("\r\n") == third.count("\n") > 3
    assert "\r" not in second


@pytest.mark.parametrize("taken", ['"""wkm-cell 1"""', 'x = """wkm-0"""', "wkm_uses(1)"])
def test_a_notebook_with_our_own_placeholders_is_refused(taken):
    outcome = run(notebook(code("!ls"), code(IMPORT), code(FIT), code(f"x = 1\n{taken}\n")))
    assert (outcome.state, codes(outcome)) == ("failed", {"WKM906"})
    assert outcome.new == outcome.old


def test_other_kernels_are_left_alone():
    document = notebook(code(IMPORT), code(FIT), metadata={"kernelspec": {"language": "R"}})
    assert not run(document).changed
    assert run(document).findings == ()


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "null", "{", '{"cells": [}', '{"cells": [{"source": [1]}], "nbformat": 4}',
        '{"nbformat": 4, "cells": []} more', '{"cells": [], "nbformat": 3}', '{"worksheets": []}',
        "[" * 100_000, '{"cells": ' * 100_000, '{"nbformat": 4, "cells": [{"source": "\\ud8"}]}',
    ],
)  # fmt: skip
def test_what_is_no_notebook_is_reported_and_untouched(text):
    with pytest.raises(BadNotebook):
        read(text)
    outcome = run(text.encode())
    assert outcome.state == "failed"
    assert codes(outcome) == {"WKM906"}


def test_half_a_surrogate_pair_survives():
    outcome = run(notebook(code(IMPORT), code("x = '\ud83d'"), code(FIT)))
    assert sources(outcome.new) == [NEW_IMPORT, "x = '\ud83d'", NEW_FIT]


def test_a_huge_notebook_keeps_its_outputs():
    image = {"output_type": "display_data", "data": {"image/png": "A" * 10_000_000}}
    document = notebook(
        *[code("x = 1", outputs=[image]) for _ in range(5)], code(IMPORT), code(FIT)
    )
    outcome = run(json.dumps(document).encode())
    assert outcome.changed
    assert [cell["outputs"] for cell in json.loads(outcome.new)["cells"][:5]] == [[image]] * 5


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
@pytest.mark.parametrize("target", ["wandb", "compat", "shim"])
def test_whole_notebooks(path, target):
    data = path.read_bytes()
    outcome = run(data, target=target)
    old, new = json.loads(data), json.loads(outcome.new)
    for before, after in zip(old["cells"], new["cells"]):
        if before["cell_type"] == "code":
            assert "WandbCallback()" not in "".join(after["source"]) or target == "shim"
            assert {**before, "source": 0} == {**after, "source": 0}
        else:
            assert before == after
    assert {**old, "cells": 0} == {**new, "cells": 0}
    assert "\\u00" not in path.read_text("utf-8") or "\\u00" in outcome.new.decode("utf-8")
    assert not run(outcome.new, target=target).changed


SOURCES = st.sampled_from(
    [
        IMPORT,
        FIT,
        "cb = WandbCallback()",
        "model.fit(callbacks=[cb])",
        "%time fit(cb)",
        "!ls",
        "x = !ls",
        "broken (",
        "%%bash\nls",
        "",
        "# é ☃",
        "df?",
        "'''\n%x\n'''",
        "x = 1;",
        "#",
        "if True:\n    !ls\n    callbacks.append(WandbCallback())",
        "%%capture\n" + FIT,
        "import wandb",
    ]
)


@given(st.lists(SOURCES, max_size=7), st.sampled_from([None, 1]), st.booleans(),
       st.sampled_from(["wandb", "compat", "shim"]))  # fmt: skip
@settings(max_examples=80, deadline=None)
def test_any_notebook(cells, indent, as_list, target):
    document = notebook(*[code(s, source=lines(s) if as_list else s) for s in cells])
    data = json.dumps(document, indent=indent).encode()
    outcome = run(data, target=target)
    assert outcome.state in ("unchanged", "pending")
    new = json.loads(outcome.new)
    for old_cell, new_cell in zip(document["cells"], new["cells"]):
        assert type(old_cell["source"]) is type(new_cell["source"])
        assert {**old_cell, "source": 0} == {**new_cell, "source": 0}
    again = run(outcome.new, target=target)
    assert not again.changed


def test_cells_that_cannot_be_told_apart_again_stay():
    def lose_a_seam(source):
        migration = migrate(source, "wandb")
        return dataclasses.replace(migration, code=_FIND_SENTINEL.sub("", migration.code, count=1))

    text = json.dumps(notebook(code(IMPORT), code(FIT)))
    migrated = migrate_notebook(read(text), lose_a_seam)
    assert migrated.text == text
    assert [finding.code for finding in migrated.findings] == ["WKM902"]
    assert migrate_notebook(read(text), lambda source: migrate(source, "wandb")).text != text
