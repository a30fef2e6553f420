"""The square commutes: migrating, then constructing, gives what WandbCallback composes itself."""

from __future__ import annotations

import os

import numpy as np
import pytest
import wandb
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wandb_keras_codemods import migrate

os.environ["WANDB_MODE"] = "offline"
os.environ["WANDB_SILENT"] = "true"


class Named:
    """A value that the source refers to by a name."""

    def __init__(self, name, value):
        self.name, self.value = name, value

    def __repr__(self):
        return self.name


PAIR = Named("pair", (np.zeros((4, 2)), np.zeros((4,))))
CLASSES = Named("classes", ["a", "b", "c"])
BATCHES = Named("batches", iter([(np.zeros((4, 2)), np.zeros((4,)))]))
PROCESSOR = Named("processor", lambda index, row: {"index": index})
COLORS = Named("colors", [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]])
NAMED = (PAIR, CLASSES, BATCHES, PROCESSOR, COLORS)

KIND = st.sampled_from([None, "image", "images", "segmentation_mask", "label"])
SWITCH = st.booleans()

# every argument of the frozen signature, in its order
ARGUMENTS = {
    "monitor": st.sampled_from(["val_loss", "loss", "val_accuracy", "val_auc", "fmeasure"]),
    "verbose": st.sampled_from([0, 1]),
    "mode": st.sampled_from(["auto", "min", "max"]),
    "save_weights_only": SWITCH,
    "log_weights": SWITCH,
    "log_gradients": SWITCH,
    "save_model": SWITCH,
    "training_data": st.just(PAIR),
    "validation_data": st.sampled_from([None, PAIR]),
    "labels": st.sampled_from([None, CLASSES, ["x", "y"]]),
    "predictions": st.sampled_from([1, 36, 100, 500]),
    "generator": st.sampled_from([None, BATCHES]),
    "input_type": KIND,
    "output_type": KIND,
    "log_evaluation": SWITCH,
    "validation_steps": st.sampled_from([None, 1, 3]),
    "class_colors": st.sampled_from([None, COLORS]),
    "log_batch_frequency": st.sampled_from([None, 1, 10]),
    "log_best_prefix": st.sampled_from(["best_", "top_", None]),
    "save_graph": SWITCH,
    "validation_indexes": st.none(),
    "validation_row_processor": st.sampled_from([None, PROCESSOR]),
    "prediction_row_processor": st.sampled_from([None, PROCESSOR]),
    "infer_missing_processors": SWITCH,
    "log_evaluation_frequency": st.sampled_from([0, 1, 2]),
    "compute_flops": SWITCH,
}


@st.composite
def argument_sets(draw):
    chosen = draw(st.sets(st.sampled_from(sorted(ARGUMENTS)), max_size=8))
    arguments = {name: draw(ARGUMENTS[name]) for name in ARGUMENTS if name in chosen}
    if arguments.get("log_gradients"):
        arguments["training_data"] = PAIR  # the legacy callback refuses to do without
    return arguments


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    wandb.init(project="p", dir=str(tmp_path_factory.mktemp("square")))
    yield
    wandb.finish()


def described(part):
    """What makes a part what it is: its class and its state, arrays by identity or value."""
    return type(part).__name__, {name: comparable(value) for name, value in vars(part).items()}


def comparable(value):
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, (list, tuple)):
        return [comparable(item) for item in value]
    if type(value).__module__.startswith("wandb_keras_compat"):
        return described(value)
    if hasattr(value, "__func__"):  # a withdrawn hook is bound to its own part
        return value.__func__.__qualname__
    return repr(value)


def evaluated(code, namespace):
    namespace = dict(namespace)
    exec(compile(code, "migrated.py", "exec"), namespace)
    return namespace["_callbacks"]


@pytest.mark.filterwarnings("ignore:WandbCallback was removed:DeprecationWarning")
@given(arguments=argument_sets(), positional=st.integers(0, 4))
@settings(
    max_examples=int(os.environ.get("SQUARE_EXAMPLES", "500")),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_the_square_commutes(run, arguments, positional):
    from wandb_keras_compat import WandbCallback

    # the leading arguments may be positional, as long as none is left out before them
    leading = []
    for name in list(ARGUMENTS)[:positional]:
        if name not in arguments:
            break
        leading.append(name)
    rendered = [repr(arguments[name]) for name in leading]
    rendered += [f"{name}={value!r}" for name, value in arguments.items() if name not in leading]
    source = (
        "from wandb.keras import WandbCallback\n"
        f"_callbacks = [WandbCallback({', '.join(rendered)})]\n"
    )
    migration = migrate(source, "compat")
    assert "WandbCallback" not in migration.code, migration.findings
    values = {n: v.value if isinstance(v, Named) else v for n, v in arguments.items()}
    ours = WandbCallback(**values).parts
    theirs = evaluated(migration.code, {named.name: named.value for named in NAMED})
    assert [described(part) for part in theirs] == [described(part) for part in ours]
