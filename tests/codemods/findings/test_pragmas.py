"""Comments that keep the tool away from their line."""

from __future__ import annotations

import libcst as cst
import pytest

from wandb_keras_codemods import migrate
from wandb_keras_codemods.files.process import Options, process
from wandb_keras_codemods.files.walk import Candidate
from wandb_keras_codemods.find.comments import pragmas_of
from wandb_keras_codemods.find.module import Module
from wandb_keras_codemods.findings.pragmas import Pragmas

IMPORT = "from wandb.keras import WandbCallback"
FIT = "model.fit(x, callbacks=[WandbCallback(save_model=False)])"


def codes(migration):
    return {finding.code for finding in migration.findings}


@pytest.mark.parametrize(
    "pragma", ["# wandb-keras: ignore", "#wandb-keras:ignore[WKM101]", "# x # wandb-keras: ignore"]
)
def test_a_construction_is_kept_and_still_runs(pragma):
    migration = migrate(f"{IMPORT}\n{FIT}  {pragma}\n{FIT}\n", "wandb")
    lines = migration.code.splitlines()
    assert f"{FIT}  {pragma}" in lines
    assert "from wandb_keras_compat import WandbCallback" in lines
    assert "model.fit(x, callbacks=[WandbMetricsLogger()])" in lines
    assert "WKM215" not in codes(migration)


def test_any_line_of_the_call_will_do():
    call = "cb = [WandbCallback(\n    save_model=False,  # wandb-keras: ignore\n)]"
    assert call in migrate(f"{IMPORT}\n{call}\n", "wandb").code


def test_an_import_is_kept_with_all_its_uses():
    source = f"{IMPORT}  # wandb-keras: ignore\n{FIT}\n"
    migration = migrate(source, "wandb")
    assert migration.code == source
    assert migration.findings == ()


@pytest.mark.parametrize("code", ["WKM101", "WKM102", "WKM203", "wkm305", "WKM408", "WKM999"])
@pytest.mark.parametrize("target", ["wandb", "compat", "shim"])
def test_whatever_its_codes_a_line_that_would_change_is_kept_and_nothing_is_said_of_it(
    code, target
):
    line = f'    fit(callbacks=[WandbCallback(monitor="val_auc")])  # wandb-keras: ignore[{code}]'
    source = f"{IMPORT}\ndef f(fit):\n{line}\n{FIT}\n"
    migration = migrate(source, target)
    assert line in migration.code.splitlines()
    assert migration.changed
    assert not [f for f in migration.findings if f.line == 3 and f.code != "WKM215"]
    line = f"{IMPORT}  # wandb-keras: ignore[{code}]"
    migration = migrate(f"{line}\n{FIT}\n", target)
    assert not migration.changed
    assert migration.findings == ()


@pytest.mark.parametrize("target", ["wandb", "compat", "shim"])
@pytest.mark.parametrize(
    ("imported", "name"),
    [
        ("import wandb", "wandb.keras.WandbCallback"),
        ("import wandb.keras", "wandb.keras.WandbCallback"),
        ("from wandb import keras as wk", "wk.WandbCallback"),
        ("import importlib", 'importlib.import_module("wandb.keras").WandbCallback'),
    ],
)
def test_a_dotted_use_is_kept(imported, name, target):
    source = f"{imported}\nmodel.fit(x, callbacks=[{name}()])  # wandb-keras: ignore[WKM101]\n"
    migration = migrate(source, target)
    assert (migration.code, migration.findings) == (source, ())


@pytest.mark.parametrize("code", ["WKM103", "WKM101"])
def test_a_use_of_a_name_is_kept_and_with_it_the_construction(code):
    line = f"    model.fit(x, validation_data=v, callbacks=[cb])  # wandb-keras: ignore[{code}]"
    migration = migrate(f"{IMPORT}\ndef f(model, x):\n    cb = WandbCallback()\n{line}\n", "wandb")
    assert line in migration.code.splitlines()
    assert "cb = WandbCallback()" in migration.code
    assert codes(migration) & {"WKM101", "WKM103", "WKM215"} == set()


def test_other_lines_are_silenced_by_code():
    line = 'wandb.run.summary["val_loss"]'
    source = f"import wandb\n{IMPORT}\n{FIT}\n{line}  # wandb-keras: ignore[WKM503]\n"
    migration = migrate(source, "wandb", rename_metrics=True)
    assert line in migration.code
    assert codes(migration) & {"WKM503", "WKM104", "WKM215"} == set()


def test_a_pragma_of_a_file_that_does_not_parse():
    text = "x = = 1\nwandb.keras  # wandb-keras: ignore[WKM422]\n"
    assert Pragmas.in_text(text).covers(2, 2, "WKM422")


def test_a_comment_inside_brackets_and_one_after_a_form_feed_are_pragmas():
    source = "\x0cx = [\n  W(),  # wandb-keras: ignore\n]\ny = '''\n# wandb-keras: ignore\n'''\n"
    pragmas = pragmas_of(Module(cst.parse_module(source)))
    assert [line for line in range(1, 7) if pragmas.keeps(line, line)] == [2]


@pytest.mark.parametrize("pragma", ["# wandb-keras: ignore", "# wandb-keras: ignore[WKM203]"])
def test_an_unused_pragma_is_reported(pragma):
    migration = migrate(f"{IMPORT}\n{FIT}\nx = 1  {pragma}\n", "wandb")
    unused = [finding for finding in migration.findings if finding.code == "WKM215"]
    assert [(finding.line, finding.column) for finding in unused] == [(3, 8)]


def test_a_pragma_in_a_string_is_none():
    migration = migrate(f'{IMPORT}\n{FIT}; s = "# wandb-keras: ignore"\n', "wandb")
    assert "WandbMetricsLogger()" in migration.code


def test_metric_names():
    line = 'wandb.run.summary["val_loss"]  # wandb-keras: ignore'
    source = f"import wandb\n{IMPORT}\n{FIT}\n{line}\n"
    assert line in migrate(source, "wandb", rename_metrics=True).code


def test_sweep_files():
    text = b"method: grid\nmetric:\n  name: val_loss  # wandb-keras: ignore\nparameters: {}\n"
    outcome = process(Candidate("s.yaml", "yaml", text), Options("wandb", rename_metrics=True))
    assert not outcome.changed
    assert outcome.findings == ()


def test_requirement_files():
    text = b"wandb<0.17  # wandb-keras: ignore[WKM601]\nkeras  # wandb-keras: ignore\n"
    outcome = process(Candidate("requirements.txt", "requirements", text), Options("wandb"))
    assert [(finding.code, finding.line) for finding in outcome.findings] == [("WKM215", 2)]
