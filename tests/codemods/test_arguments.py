"""The argument table is the recorded signature of the legacy callback."""

from __future__ import annotations

import ast

import pytest

from wandb_keras_codemods import CODES, migrate
from wandb_keras_codemods.legacy.arguments import (
    ALIASES,
    ARGUMENTS,
    DEFAULTS,
    SIGNATURE,
    legacy_mode,
)

RECORDED = (
    "monitor='val_loss', verbose=0, mode='auto', save_weights_only=False, log_weights=False, "
    "log_gradients=False, save_model=True, training_data=None, validation_data=None, labels=None, "
    "predictions=36, generator=None, input_type=None, output_type=None, log_evaluation=False, "
    "validation_steps=None, class_colors=None, log_batch_frequency=None, log_best_prefix='best_', "
    "save_graph=True, validation_indexes=None, validation_row_processor=None, "
    "prediction_row_processor=None, infer_missing_processors=True, log_evaluation_frequency=0, "
    "compute_flops=False"
)


def test_the_table_is_the_recorded_signature():
    call = ast.parse(f"f({RECORDED})", mode="eval").body
    recorded = [(keyword.arg, ast.literal_eval(keyword.value)) for keyword in call.keywords]
    assert [(a.name, a.default) for a in SIGNATURE] == recorded
    assert len(SIGNATURE) == 26


def test_every_argument_has_a_fate_under_each_target():
    for argument in ARGUMENTS.values():
        assert argument.meaning
        assert argument.wandb
        assert argument.compat
        assert argument.shim == "unchanged"
        assert (argument.wandb == "lost") == (argument.lost is not None)
        assert argument.lost is None or CODES[argument.lost].kind == "lost"


def test_aliases():
    assert [alias.name for alias in ALIASES] == ["data_type", "output_row_processor"]
    assert set(DEFAULTS) == set(ARGUMENTS)


@pytest.mark.parametrize(
    ("monitor", "mode"),
    [
        ("val_loss", "min"),
        ("acc", "max"),
        ("val_accuracy", "max"),
        ("face_loss", "min"),
        ("val_fmeasure", "min"),
        ("fmeasure", "max"),
        ("val_auc", "min"),
        ("vacuum", "min"),
        ("accumulated", "max"),
    ],
)
def test_the_legacy_rule(monitor, mode):
    assert legacy_mode(monitor) == mode


@pytest.mark.parametrize("target", ["wandb", "compat"])
def test_spelling_out_the_defaults_changes_nothing(target):
    head = "from wandb.keras import WandbCallback\n\nmodel.fit(x, callbacks=[{}])\n"
    spelled = migrate(head.format(f"WandbCallback({RECORDED})"), target).code
    plain = migrate(head.format("WandbCallback()"), target).code
    assert spelled.replace("'val_loss'", '"val_loss"') == plain


@pytest.mark.parametrize("target", ["wandb", "compat"])
@pytest.mark.parametrize("argument", SIGNATURE, ids=lambda argument: argument.name)
def test_position_and_keyword_mean_the_same(argument, target):
    index = SIGNATURE.index(argument)
    before = ", ".join(repr(other.default) for other in SIGNATURE[:index])
    value = "(a, b)" if argument.default is None else repr(argument.default or "x")
    head = "from wandb.keras import WandbCallback\n\ncallbacks = [\n    {},\n]\n"
    positional = f"WandbCallback({before}{', ' if before else ''}{value})"
    by_name = migrate(head.format(f"WandbCallback({argument.name}={value})"), target)
    by_place = migrate(head.format(positional), target)
    assert by_place.code.replace("'", '"') == by_name.code.replace("'", '"') or not any(
        finding.code == "WKM101" for finding in by_name.findings
    )
    assert [f.code for f in by_place.findings] == [f.code for f in by_name.findings]


@pytest.mark.parametrize(
    ("given", "told"),
    [("", True), ("save_weights_only=True", False), ("save_weights_only=w", True)],
)
def test_the_tensorflow_that_cannot_save_the_best_model_is_told(given, told):
    """Keras 2.13 and 2.14 refuse .keras there; weights have a suffix of their own."""
    head = "from wandb.keras import WandbCallback\n\nw = f()\nmodel.fit(x, validation_data=v, callbacks=[{}])\n"
    findings = migrate(head.format(f"WandbCallback({given})"), "wandb").findings
    (suggestion,) = (f.suggestion for f in findings if f.code == "WKM202")
    assert ("TensorFlow 2.13" in suggestion) is told
