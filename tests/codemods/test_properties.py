"""Random programs with injected usages: they compile, and a second run changes nothing."""

from __future__ import annotations

import textwrap

from hypothesis import example, given, settings
from hypothesis import strategies as st
from test_cases import check_migration

from wandb_keras_codemods import migrate
from wandb_keras_codemods.legacy.arguments import ARGUMENTS

IMPORTS = {
    "from wandb.keras import WandbCallback": "WandbCallback",
    "from wandb.keras import WandbCallback as W, WandbMetricsLogger": "W",
    "from wandb.keras import *": "WandbCallback",
    "from wandb.integration.keras import (\n    WandbCallback,  # why\n)": "WandbCallback",
    "from wandb.wandb_keras import WandbKerasCallback": "WandbKerasCallback",
    "import wandb": "wandb.keras.WandbCallback",
    "import os, wandb as wb": "wb.keras.WandbCallback",
    "import wandb.keras": "wandb.keras.WandbCallback",
    "import wandb.keras as k": "k.WandbCallback",
    "from wandb import keras": "keras.WandbCallback",
    "try:\n    import wandb.keras as k\nexcept ImportError:\n    k = None": "k.WandbCallback",
    "import importlib\nm = importlib.import_module('wandb.keras')": "m.WandbCallback",
    "from fastai.callback.wandb import WandbCallback": "WandbCallback",
}
VALUES = ["True", "False", "None", "'image'", "3", "(x, y)", "args.value", "f(x)", "a if b else c"]
CONTEXTS = [
    "model.fit(x, callbacks=[{}])",
    "model.fit(x, validation_data=(x, y), callbacks=[a, {}, b])  # fit",
    "model.fit(\n    x,\n    callbacks=[\n        a,  # first\n        {},  # second\n    ],\n)",
    "model.fit(x, callbacks={})",
    "model.fit(x, callbacks={} if a else None)",
    "cbs.append({})",
    "cbs.extend([{}, a])",
    "cbs.insert(0, {})",
    "cbs += [{}]",
    "cbs = (a, {})",
    "cbs = a, {}",
    "cbs = [{}, {}]",
    "cbs = [({})]",
    "cbs = [{} if a else {}]",
    "cbs = [{} if a else b, c]",
    "cb = {}\nmodel.fit(x, callbacks=[cb])",
    "cb = {}\ncbs.append(cb)\nprint(cb.best)",
    "cb = None\nif a:\n    cb = {}\ncbs = [cb] if cb else []",
    "def make():\n    return {}\ncbs = [make(), a]",
    "class C:\n    def f(self):\n        self.cb = {}\n    def g(self):\n        return [self.cb]",
    "cbs = (a), {}",
    "use({})",
    "cbs = [lambda: {}]",
    "sweep = {{'metric': {{'name': 'val_loss'}}}}",
    "é = ['ü', {}]  # naïve",
]
WRAPPERS = [
    "{}",
    "def run():\n{}",
    "if a:\n{}\nelse:\n    pass",
    "class K:\n    def f(self):\n        pass\n{}",
    "for i in x:\n{}",
]


@st.composite
def calls(draw, name):
    arguments = draw(st.lists(st.sampled_from(sorted(ARGUMENTS)), max_size=3, unique=True))
    given = [f"{argument}={draw(st.sampled_from(VALUES))}" for argument in arguments]
    extra = draw(st.sampled_from(["", "", "", "**options", "log_model=True"]))
    given += [extra] if extra else []
    if given and draw(st.booleans()):
        lines = "".join(f"\n    {text},  # note {n}" for n, text in enumerate(given))
        return f"{name}({lines}\n)"
    return f"{name}({', '.join(given)})"


@st.composite
def programs(draw):
    parts = ["# a program\n"]
    for _ in range(draw(st.integers(1, 3))):
        statement = draw(st.sampled_from(sorted(IMPORTS)))
        name = IMPORTS[statement]
        lines = [statement] if draw(st.integers(0, 9)) else []
        for context in draw(st.lists(st.sampled_from(CONTEXTS), max_size=3)):
            count = context.count("{}")
            lines.append(context.format(*(draw(calls(name)) for _ in range(count))))
        block = "\n".join(lines or ["pass"])
        wrapper = draw(st.sampled_from(WRAPPERS if "*" not in statement else ["{}", WRAPPERS[2]]))
        indent = draw(st.sampled_from(["    ", "\t"])) if wrapper in WRAPPERS[1:3] else "    "
        if wrapper != "{}":
            block = textwrap.indent(block, indent)
        parts.append(wrapper.format(block).replace("    pass", f"{indent}pass"))
    return "\n\n".join(parts) + draw(st.sampled_from(["\n", "", "\n\n# end\n"]))


# an import that another repeats goes, and its comment with it; that is to be said
TWICE = "from wandb.integration.keras import (\n    WandbCallback,  # why\n)\n"
REPEATED = f"{TWICE}{TWICE}model.fit(x, callbacks=[WandbCallback()])\n"
# a star that gave the class under its name of 2018, for a call that stays
STAR = "from wandb.wandb_keras import *\nmodel.fit(x, callbacks=[WandbKerasCallback(**options)])\n"


@settings(max_examples=500, deadline=None)
@given(programs(), st.sampled_from(["wandb", "compat", "shim"]), st.booleans(), st.booleans())
@example(program=REPEATED, target="wandb", fallback=False, rename=False)
@example(program=REPEATED, target="compat", fallback=True, rename=False)
@example(program=STAR, target="wandb", fallback=True, rename=False)
def test_random_programs(program, target, fallback, rename):
    compile(program, "<before>", "exec")
    options = {"fallback": fallback, "rename_metrics": rename}
    migration = migrate(program, target, **options)
    check_migration(program, migration, target, **options)
    assert "WKM902" not in {finding.code for finding in migration.findings}
    if target == "shim" or fallback:
        assert "wandb.keras import WandbCallback" not in migration.code
