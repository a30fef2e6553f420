"""Code of the callback in strings and docstrings, in every quoting; silent imports by their module."""

from __future__ import annotations

import pytest

from wandb_keras_codemods import migrate

IMPORT = "from wandb.keras import WandbCallback"
QUOTED = {
    "docstring": f'"""Doc.\n\n>>> {IMPORT}\n"""\n',
    "of a function": f"def f():\n    '''Doc: {IMPORT}'''\n",
    "single": f"CODE = '{IMPORT}\\nmodel.fit()'\n",
    "raw": f'CODE = r"""{IMPORT}"""\n',
    "triple": f"CODE = '''\n{IMPORT}\n'''\n",
    "f-string": f'CODE = f"{IMPORT}; {{x}}"\n',
    "f-string, triple": f"CODE = f'''\n{IMPORT}\n{{x}}'''\n",
    "bytes": f'CODE = b"{IMPORT}"\n',
    "pieces": 'C = ("from wandb.keras "\n     "import WandbCallback")\n',
    "pieces, one an f-string": f'C = ("{IMPORT}; "\n     f"{{x}}")\n',
    "argument": f"write(path, '{IMPORT}')\n",
    "call": 'C = "wandb.keras.WandbCallback(save_model=False)"\n',
    "module": 'C = "import wandb.keras"\n',
    "new home": 'C = "from wandb.integration.keras import WandbCallback"\n',
    "several": 'C = """from wandb.integration.keras import (\n    WandbMetricsLogger, WandbCallback)"""\n',
    "old": "C = 'from wandb.wandb_keras import WandbKerasCallback'\n",
}
OTHERS = [
    'C = "from fastai.callback.wandb import WandbCallback"\n',
    'C = "from wandb.xgboost import WandbCallback"\n',
    'C = "from wandb.integration.keras import WandbMetricsLogger"\n',
    'C = "from wandb_keras_compat import WandbCallback"\n',
    'print("WandbCallback() from wandb.keras")\n',
    f"# {IMPORT}\n",
    '"""Once there was wandb.keras.WandbCallback."""\n',
]


def told(source, target="compat"):
    migration = migrate(source, target)
    assert not migration.changed
    return [finding.code for finding in migration.findings]


@pytest.mark.parametrize("target", ["wandb", "compat"])
@pytest.mark.parametrize("source", QUOTED.values(), ids=QUOTED)
def test_code_in_a_string_is_reported_once(source, target):
    assert told(source, target) == ["WKM422"]


@pytest.mark.parametrize("source", QUOTED.values(), ids=QUOTED)
def test_a_pragma_on_its_last_line_silences_it(source):
    assert told(f"{source.rstrip()}  # wandb-keras: ignore[WKM422]\n") == []


@pytest.mark.parametrize("source", OTHERS)
def test_other_texts_are_not(source):
    assert told(source) == []


@pytest.mark.parametrize(
    ("module", "since"),
    [
        ("from wandb.keras import WandbCallback", "0.17.0"),
        ("from wandb.wandb_keras import WandbCallback", "0.17.0"),
        ("import wandb.keras", "0.17.0"),
        ("from wandb.integration.keras import WandbCallback", "0.27.1"),
    ],
)
@pytest.mark.parametrize("handler", ["pass", "WandbCallback = None", "pass; pass"])
def test_since_when_an_import_failed_in_silence(module, since, handler):
    source = f"try:\n    {module}\nexcept ImportError:\n    {handler}\n"
    (hint,) = [f.suggestion for f in migrate(source, "compat").findings if f.code == "WKM206"]
    assert f"since wandb {since};" in hint
