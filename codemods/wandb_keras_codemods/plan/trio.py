"""Target ``wandb``: the official trio, and what it loses."""

from __future__ import annotations

from wandb_keras_codemods.find.refusal import Note, Refusal
from wandb_keras_codemods.legacy.arguments import ARGUMENTS, legacy_mode

from .arguments import Arguments
from .beside import KEEP_ONE, PERHAPS, THERE, TWICE, same_rows
from .expressions import expression
from .fits import Seen
from .parts import Given, Part, Plan
from .rules import log_freq, mode, mode_notes
from .table import table_notes, validation_table

MODEL_FILE = '"model-best.keras"'
WEIGHTS_FILE = '"model-best.weights.h5"'

_KEEP_KEYS = "Use --target compat to keep the old names."
_NO_NATIVE_FORMAT = (
    "On TensorFlow 2.13 and 2.14, whose ModelCheckpoint fails on .keras, end the path in .h5."
)
_GIVE = "Give validation data, monitor a training metric, or use save_model=False."
_EACH = "Validate in each epoch, monitor a training metric, or use save_model=False."
_NO_DATA = "a fit without validation data is seen; there"
_NO_EPOCH = "validation_freq leaves out epochs; there"
_NO_EPOCH_PERHAPS = "where validation_freq leaves out epochs,"


def plan_trio(arguments: Arguments, seen: Seen) -> Plan:
    """Return the trio's callbacks for a construction, and what is lost.

    Args:
        arguments: The construction's arguments.
        seen: What is seen of the calls it goes to.

    Raises:
        Refusal: The trio has no word for what is asked.
    """
    if seen.by_hand:
        raise Refusal(
            "WKM421",
            "its hooks are called by hand, and W&B's logger needs a model that fit trains",
            "Use --target compat.",
        )
    if seen.idle:
        return Plan((), empty="left out: in evaluate and predict the legacy callback did nothing")
    notes = [Note("WKM201", "metrics are logged as epoch/<name> instead of <name>", _KEEP_KEYS)]
    parts = []
    frequency = log_freq(arguments, whole=True)
    beside = None if seen.logger is None else same_rows(seen.logger, frequency)
    if not beside:
        every = () if frequency is None else (Given("log_freq", frequency, "log_batch_frequency"),)
        parts.append(Part("WandbMetricsLogger", every))
    if seen.logger is not None and beside is not None:
        notes.append(Note("WKM211", THERE if beside else TWICE, "" if beside else KEEP_ONE))
    elif seen.perhaps is not None and same_rows(seen.perhaps, frequency) is not None:
        notes.append(Note("WKM211", PERHAPS, KEEP_ONE))
    if frequency is not None:
        notes.append(Note("WKM213", "batches are logged as batch/<name> instead of <name>"))

    there, condition = arguments.condition("save_model")
    unmonitored = seen.validated is False and _of_validation(arguments)
    if there and unmonitored and seen.keras:
        notes.append(
            Note(
                "WKM209",
                f"this fit has no validation data, so {arguments['monitor'].literal} is never "
                "there: nothing was saved, and no checkpoint is written",
                "Give validation data, or monitor a training metric.",
            )
        )
    elif there:
        if seen.keras and _of_validation(arguments) and (seen.mixed or seen.sometimes):
            where, hint = (_NO_DATA, _GIVE) if seen.mixed else (_NO_EPOCH, _EACH)
            raise Refusal("WKM424", _missing(arguments, where), hint)
        parts.append(Part("WandbModelCheckpoint", _checkpoint(arguments), condition))
        notes.append(
            Note(
                "WKM202",
                "the best model is the artifact run_<id>_model and a file in the working "
                "directory, logged again after epochs without improvement",
                "" if arguments["save_weights_only"].truth else _NO_NATIVE_FORMAT,
            )
        )
        if unmonitored or (seen.mixed and _of_validation(arguments)):
            notes.append(Note("WKM209", _missing(arguments, _NO_DATA), _GIVE))
        elif seen.sometimes is not False and _of_validation(arguments):
            where = _NO_EPOCH if seen.sometimes else _NO_EPOCH_PERHAPS
            notes.append(Note("WKM209", _missing(arguments, where), _EACH))
        notes += mode_notes(arguments)
    notes += _lost(arguments)
    table = validation_table(arguments, seen.data)
    if table is not None:
        parts.append(table)
        notes += table_notes(arguments)
    if not parts:  # what replaces it is there already
        notes = [note for note in notes if note.code != "WKM211"]
    return Plan(tuple(parts), tuple(notes), empty=THERE)


def _of_validation(arguments: Arguments) -> bool:
    """Whether the monitored metric is there only where there is validation data."""
    return str(arguments["monitor"].literal).startswith("val_")


def _missing(arguments: Arguments, where: str) -> str:
    return f"{where} {arguments['monitor'].literal} is missing, and WandbModelCheckpoint fails"


def _checkpoint(arguments: Arguments) -> tuple[Given, ...]:
    weights = arguments["save_weights_only"]
    path = expression(WEIGHTS_FILE if weights.truth else MODEL_FILE)
    extra: list[Given] = []
    if not weights.known:
        path = expression(f"{WEIGHTS_FILE} if {{w}} else {MODEL_FILE}", w=weights.operand)
    if weights.truth is not False:
        extra.append(Given("save_weights_only", weights.node, "save_weights_only"))
    if arguments.changed("verbose"):
        extra.append(Given("verbose", arguments["verbose"].node, "verbose"))
    return (
        Given(None, path),
        Given("monitor", arguments["monitor"].node, "monitor"),
        Given("mode", mode(arguments, "wandb"), "mode"),
        Given("save_best_only", expression("True")),
        *extra,
    )


def _lost(arguments: Arguments) -> list[Note]:
    notes = []
    for name, argument in ARGUMENTS.items():
        if argument.lost is None or arguments[name].truth is False:
            continue
        message = f"{argument.meaning}: no longer logged ({name})"
        hint = f"Target compat: {argument.compat}"
        if name == "save_graph":
            message = "the model's graph is no longer logged"
        elif name == "log_best_prefix":
            message, hint = _best(arguments)
        notes.append(Note(argument.lost, message, hint))
    return notes


def _best(arguments: Arguments) -> tuple[str, str]:
    """Say which values the summary no longer has, and what may take their place."""
    monitor, prefix = arguments["monitor"], arguments["log_best_prefix"]
    metric = monitor.literal if isinstance(monitor.literal, str) else "<monitor>"
    best = prefix.literal if isinstance(prefix.literal, str) else "<prefix>"
    grows = arguments["mode"].literal == "max" or (
        arguments["mode"].literal != "min" and legacy_mode(metric) == "max"
    )
    way = "max" if grows else "min"
    message = f"{best}{metric} and {best}epoch are no longer kept in the summary"
    call = f'run.define_metric("epoch/{metric}", summary="{way}")'
    value = f'run.summary["epoch/{metric}"]["{way}"]'
    return message, f"{call} keeps the value as {value}; target compat keeps both as they were."
