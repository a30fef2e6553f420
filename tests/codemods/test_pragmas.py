"""Comments that keep the tool away from their line."""

from __future__ import annotations

import pytest

from wandb_keras_codemods import migrate
from wandb_keras_codemods.files.process import Options, process
from wandb_keras_codemods.files.walk import Candidate

IMPORT = "from wandb.keras import WandbCallback"
FIT = "model.fit(x, callbacks=[WandbCallback(save_model=False)])"


def codes(migration):
    return {finding.code for finding in migration.findings}


@pytest.mark.parametrize(
    "pragma", ["# wandb-keras: ignore", "#wandb-keras:ignore[WKM101]", "# x # wandb-keras: ignore"]
)
def test_a_construction_is_kept_and_still_runs(pragma):
    migration = migrate(f"{IMPORT}\n{FIT}  {pragma}\n{FIT}\n")
    lines = migration.code.splitlines()
    assert f"{FIT}  {pragma}" in lines
    assert "from wandb_keras_compat import WandbCallback" in lines
    assert "model.fit(x, callbacks=[WandbMetricsLogger()])" in lines
    assert "WKM215" not in codes(migration)


def test_any_line_of_the_call_will_do():
    call = "cb = [WandbCallback(\n    save_model=False,  # wandb-keras: ignore\n)]"
    assert call in migrate(f"{IMPORT}\n{call}\n").code


def test_an_import_is_kept_with_all_its_uses():
    source = f"{IMPORT}  # wandb-keras: ignore\n{FIT}\n"
    migration = migrate(source)
    assert migration.code == source
    assert migration.findings == ()


def test_one_code_is_silenced_and_the_rest_is_said():
    source = f'{IMPORT}\nfit(callbacks=[WandbCallback(monitor="val_auc")]){{}}\n'
    silent = migrate(source.format("  # wandb-keras: ignore[WKM203, wkm305]"))
    assert codes(migrate(source.format(""))) - codes(silent) == {"WKM203", "WKM305"}
    assert "WandbModelCheckpoint(" in silent.code


@pytest.mark.parametrize("pragma", ["# wandb-keras: ignore", "# wandb-keras: ignore[WKM203]"])
def test_an_unused_pragma_is_reported(pragma):
    migration = migrate(f"{IMPORT}\n{FIT}\nx = 1  {pragma}\n")
    unused = [finding for finding in migration.findings if finding.code == "WKM215"]
    assert [(finding.line, finding.column) for finding in unused] == [(3, 8)]


def test_a_pragma_in_a_string_is_none():
    migration = migrate(f'{IMPORT}\n{FIT}; s = "# wandb-keras: ignore"\n')
    assert "WandbMetricsLogger()" in migration.code


def test_metric_names():
    line = 'wandb.run.summary["val_loss"]  # wandb-keras: ignore'
    source = f"import wandb\n{IMPORT}\n{FIT}\n{line}\n"
    assert line in migrate(source, rename_metrics=True).code


def test_sweep_files():
    text = b"method: grid\nmetric:\n  name: val_loss  # wandb-keras: ignore\nparameters: {}\n"
    outcome = process(Candidate("s.yaml", "yaml", text), Options(rename_metrics=True))
    assert not outcome.changed
    assert outcome.findings == ()


def test_requirement_files():
    text = b"wandb<0.17  # wandb-keras: ignore[WKM601]\nkeras  # wandb-keras: ignore\n"
    outcome = process(Candidate("requirements.txt", "requirements", text), Options())
    assert [(finding.code, finding.line) for finding in outcome.findings] == [("WKM215", 2)]
