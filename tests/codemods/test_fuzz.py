"""Large bodies of real code: no crash, no change, no finding outside wandb; generated programs.

The frameworks' and wandb's own packages: tests/contract/test_installed_packages.py.
"""

from __future__ import annotations

import os
import re
import sysconfig
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wandb_keras_codemods import migrate
from wandb_keras_codemods.cli import main
from wandb_keras_codemods.files.process import Options, process
from wandb_keras_codemods.files.walk import Candidate

STDLIB = sysconfig.get_path("stdlib")
EVERY = int(
    os.environ.get("STDLIB_EVERY", "100")
)  # of its files goes the long way; at night the fifth


@pytest.mark.parametrize("target", ["wandb", "compat", "shim"])
def test_the_standard_library_is_never_touched(target, capfd):
    assert main([STDLIB, "--target", target]) == 0
    printed = capfd.readouterr()
    assert printed.out == ""
    nothing = re.fullmatch(r"Nothing to migrate in ([\d,]+) files.\n", printed.err)
    assert nothing
    assert int(nothing[1].replace(",", "")) > 300


def test_files_of_the_standard_library_go_through_the_whole_migration():
    modules = [path for path in Path(STDLIB).rglob("*.py") if "site-packages" not in path.parts]
    paths = sorted(modules)[::EVERY]
    assert len(paths) > 1000 / EVERY
    for path in paths:
        # a word that asks for a closer look, and nothing to find
        data = path.read_bytes() + b"\n# wandb.keras WandbCallback\n"
        outcome = process(Candidate(str(path), "python", data), Options("wandb"))
        assert not outcome.changed, path
        codes = {finding.code for finding in outcome.findings}
        assert codes <= {"WKM901", "WKM903"}, (path, outcome.findings)


NAMES = ("cb", "callbacks", "model", "x")
EXPRESSIONS = st.recursive(
    st.sampled_from(
        ["WandbCallback()", "WandbCallback(save_model=False)", "wandb.keras.WandbCallback()",
         "WandbCallback(monitor=m, **kw)", "WandbCallback", "x", "None", "other()", "1"]
    ),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("[{0[0]}, {0[1]}]".format),
        st.tuples(inner, inner).map("({0[0]}, {0[1]})".format),
        st.tuples(inner, inner).map("{0[0]} if c else {0[1]}".format),
        st.tuples(inner, inner).map("({0[0]}) + ({0[1]})".format),
        inner.map("fit(x, callbacks={})".format),
        inner.map("f({})".format),
        inner.map("[c for c in ({})]".format),
        inner.map("lambda: {}".format),
        inner.map("{{'callbacks': {}}}".format),
    ),
    max_leaves=4,
)  # fmt: skip
STATEMENTS = st.one_of(
    EXPRESSIONS,
    st.tuples(st.sampled_from(NAMES), EXPRESSIONS).map("{0[0]} = {0[1]}".format),
    st.tuples(st.sampled_from(NAMES), EXPRESSIONS).map("{0[0]}.append({0[1]})".format),
    st.tuples(st.sampled_from(NAMES), EXPRESSIONS).map("{0[0]} += {0[1]}".format),
    EXPRESSIONS.map("def f(a):\n    return {}".format),
    EXPRESSIONS.map("if c:\n    from wandb.keras import WandbCallback\n    cb = {}".format),
    st.sampled_from(
        [
            "from wandb.keras import WandbCallback",
            "import wandb",
            "import wandb.keras",
            "from wandb.keras import *",
            "# comment",
            "x = 'é'  # ☃",
            "from wandb import keras",
            "try:\n    from wandb.keras import WandbCallback\nexcept ImportError:\n    pass",
            "class A(WandbCallback):\n    pass",
            "from wandb.integration.keras import WandbCallback as W",
            "model.fit(callbacks=[W(), cb])",
            "fit(callbacks=cb)",
            "fit(callbacks=[cb])",
        ]
    ),
)


@given(
    st.lists(STATEMENTS, min_size=1, max_size=8),
    st.sampled_from(["wandb", "compat", "shim"]),
    st.booleans(),
)
@settings(max_examples=500, deadline=None)
def test_programs_with_usages_compile_and_migrate_once(statements, target, fallback):
    source = "import wandb\nfrom wandb.keras import WandbCallback\n" + "\n".join(statements) + "\n"
    first = migrate(source, target, fallback=fallback)
    compile(first.code, "program", "exec")
    assert not [finding for finding in first.findings if finding.kind == "error"]
    for name in ("WandbMetricsLogger", "WandbModelCheckpoint", "WandbBestModel", "WandbBestMetric"):
        told = [f for f in first.findings if f.code == "WKM101" and name in f.message]
        assert first.code.count(name + "(") == len(told), name
    second = migrate(first.code, target, fallback=fallback)
    assert second.code == first.code
