"""Decide what one construction becomes: its arguments and the table give a Plan or a Refusal."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Callable, Mapping

from .arguments import ALIASES, ARGUMENTS, DEFAULTS, NAMES, legacy_mode

GENERATED = "WandbValidationTable"
MODEL_FILE = '"model-best.keras"'
WEIGHTS_FILE = '"model-best.weights.h5"'

_UNKNOWN = object()
_IMAGES = ("image", "images")
_GROWS = ("auc", "precision", "recall", "f1", "fbeta", "iou", "dice", "score", "r2", "similarity")
_NEEDS_A_HUMAN = (
    "generator",
    "validation_indexes",
    "validation_row_processor",
    "prediction_row_processor",
    "class_colors",
)


class Refusal(Exception):
    """Why a construction is left as it is.

    Args:
        code: The code of the finding.
        message: The reason in this case.
        suggestion: What a human can do.
    """

    def __init__(self, code: str, message: str, suggestion: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.suggestion = suggestion


@dataclass(frozen=True)
class Note:
    """Something to tell about a construction that was migrated."""

    code: str
    message: str
    suggestion: str = ""


@dataclass(frozen=True)
class Part:
    """One callback of the answer; with a condition, it is there only when that holds."""

    name: str
    arguments: tuple[tuple[str | None, str], ...] = ()
    condition: str | None = None


@dataclass(frozen=True)
class Plan:
    """The callbacks that replace one construction, in order."""

    parts: tuple[Part, ...]
    notes: tuple[Note, ...] = ()

    @property
    def single(self) -> bool:
        """Whether the answer is always exactly one callback."""
        return len(self.parts) == 1 and self.parts[0].condition is None

    @property
    def names(self) -> tuple[str, ...]:
        """The classes the answer needs, those of the file itself excepted."""
        named = dict.fromkeys(part.name for part in self.parts)
        if GENERATED in named:
            named["WandbEvalCallback"] = None
            del named[GENERATED]
        return tuple(named)


@dataclass(frozen=True)
class Value:
    """An argument: its text, its value where that is literal, its node."""

    text: str
    node: ast.expr | None
    literal: object = _UNKNOWN

    @property
    def known(self) -> bool:
        """Whether the value stands in the source."""
        return self.literal is not _UNKNOWN

    @property
    def truth(self) -> bool | None:
        """Whether it counts as true; None where that is only known at run time."""
        return bool(self.literal) if self.known else None

    @property
    def operand(self) -> str:
        """The text, fit to stand beside operators."""
        loose = isinstance(self.node, (ast.IfExp, ast.Lambda))
        return f"({self.text})" if loose else self.text

    def is_default(self, name: str) -> bool:
        """Whether it is literally the default of a legacy argument."""
        default = DEFAULTS[name]
        return self.known and type(self.literal) is type(default) and self.literal == default

    def repeatable(self) -> bool:
        """Whether evaluating it twice is the same as once."""
        return self.node is None or pure(self.node)


def pure(node: ast.expr) -> bool:
    """Tell whether an expression reads and computes and does nothing else."""
    plain = (
        ast.Name, ast.Attribute, ast.Constant, ast.Subscript, ast.Tuple, ast.List, ast.UnaryOp,
        ast.BoolOp, ast.Compare, ast.BinOp, ast.Slice, ast.IfExp,
        ast.expr_context, ast.operator, ast.unaryop, ast.boolop, ast.cmpop,
    )  # fmt: skip
    return all(isinstance(child, plain) for child in ast.walk(node))


def bind(call: ast.Call, text_of: Callable[[ast.expr], str]) -> tuple[dict[str, Value], list[Note]]:
    """Match a call's arguments with the legacy signature.

    Args:
        call: The construction.
        text_of: Gives the source text of an expression.

    Raises:
        Refusal: Arguments are splatted, or the legacy constructor fails for them.
    """
    values: dict[str, Value] = {}
    notes: list[Note] = []
    for name, node in zip(NAMES, call.args):
        if isinstance(node, ast.Starred):
            raise Refusal("WKM402", f"arguments come from {text_of(node)}", "Spell them out.")
        values[name] = _value(node, text_of)
    if len(call.args) > len(NAMES):
        raise Refusal("WKM412", f"{len(call.args)} positional arguments; there are {len(NAMES)}")
    for keyword in call.keywords:
        if keyword.arg is None:
            raise Refusal(
                "WKM401",
                f"arguments come from **{text_of(keyword.value)}",
                "Spell the arguments out and run the migration again.",
            )
        if keyword.arg in values:
            raise Refusal("WKM412", f"{keyword.arg} is given twice")
        if keyword.arg in ARGUMENTS:
            values[keyword.arg] = _value(keyword.value, text_of)
        else:
            notes.append(
                Note("WKM204", f"{keyword.arg} was never a parameter of the callback; it is gone")
            )
    _fold_aliases(values, notes)
    for name, value in values.items():
        if isinstance(value.literal, str) and isinstance(DEFAULTS[name], bool) and value.literal:
            notes.append(
                Note(
                    "WKM205",
                    f"{name}={value.text} counts as true",
                    f"Write {name}=False if that is meant.",
                )
            )
    return values, notes


def _fold_aliases(values: dict[str, Value], notes: list[Note]) -> None:
    data_type = values.pop(ALIASES[0].name, None)
    if data_type is not None and data_type.literal is not None:
        input_type = values.get("input_type")
        if not data_type.known and input_type is not None:
            raise Refusal("WKM403", "data_type and input_type are both given")
        values["input_type"] = data_type
    documented = values.pop(ALIASES[1].name, None)
    if documented is not None and "prediction_row_processor" not in values:
        values["prediction_row_processor"] = documented
        notes.append(Note("WKM208", "output_row_processor was ignored and is used now"))


def _value(node: ast.expr, text_of: Callable[[ast.expr], str]) -> Value:
    text = text_of(node)
    if isinstance(node, (ast.NamedExpr, ast.Yield, ast.YieldFrom, ast.Await)):
        text = f"({text})"
    try:
        literal = ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return Value(text, node)
    return Value(text, node, literal)


class _Arguments:
    """The values of one construction, defaults filled in."""

    def __init__(self, values: Mapping[str, Value]) -> None:
        self.values = values

    def __getitem__(self, name: str) -> Value:
        if name in self.values:
            return self.values[name]
        default = DEFAULTS[name]
        return Value(f'"{default}"' if isinstance(default, str) else repr(default), None, default)

    def changed(self, name: str) -> bool:
        """Whether the value may differ from the default."""
        return not self[name].is_default(name)

    def given(self, *names: str) -> list[str]:
        """Return those of the names whose value may be something other than None."""
        return [name for name in names if self[name].literal is not None]

    def condition(self, name: str) -> tuple[bool, str | None]:
        """Whether a flag's part is there at all, and on which condition."""
        value = self[name]
        if value.known:
            return bool(value.literal), None
        return True, value.operand

    def repeatable(self, *names: str) -> None:
        """Refuse when one of the values must not be evaluated twice."""
        for name in names:
            if not self[name].repeatable():
                raise Refusal(
                    "WKM403",
                    f"{name}={self[name].text} would be evaluated more than once",
                    "Assign the value to a name first.",
                )


def mode_text(arguments: _Arguments, target: str) -> str:
    """Return the mode as an explicit expression by the legacy rule."""
    monitor, mode = arguments["monitor"], arguments["mode"]
    if mode.known:
        if mode.literal in ("min", "max"):
            return f'"{mode.literal}"'
        if isinstance(monitor.literal, str):
            return f'"{legacy_mode(monitor.literal)}"'
        if monitor.known:
            raise Refusal("WKM412", f"monitor={monitor.text} is no metric name")
        if target == "compat":
            return '"auto"'
        name = f"({monitor.text})" if not _atomic(monitor.node) else monitor.text
        return f'"max" if "acc" in {name} or {name}.startswith("fmeasure") else "min"'
    if target == "compat":
        return mode.text
    raise Refusal(
        "WKM403",
        f"mode={mode.text} may be 'auto', which means another thing to Keras",
        "Write mode='min' or mode='max'.",
    )


def _atomic(node: ast.expr | None) -> bool:
    return isinstance(node, (ast.Name, ast.Attribute, ast.Subscript, ast.Call, ast.Constant))


def _mode_notes(arguments: _Arguments) -> list[Note]:
    monitor, mode = arguments["monitor"].literal, arguments["mode"]
    if not isinstance(monitor, str) or not mode.known or mode.literal in ("min", "max"):
        return []
    notes = []
    if mode.literal != "auto":
        notes.append(
            Note("WKM204", f"mode={mode.text} is no mode; the legacy callback took 'auto' for it")
        )
    name = monitor.lower()
    if legacy_mode(monitor) == "min" and any(word in name for word in _GROWS):
        notes.append(
            Note(
                "WKM203",
                f"{monitor} was minimised by the legacy rule and still is",
                "Write mode='max' if it should grow.",
            )
        )
    return notes


def _batch_frequency(arguments: _Arguments) -> str | None:
    value = arguments["log_batch_frequency"]
    if not value.known:
        return value.text
    number = value.literal
    if number is None:
        return None
    if isinstance(number, float) and number.is_integer():
        number = int(number)
    elif isinstance(number, int) and number > 0:
        return value.text
    if isinstance(number, bool) or not isinstance(number, int) or number <= 0:
        raise Refusal(
            "WKM403",
            f"log_batch_frequency={value.text} is no whole number of batches",
            "Give a positive integer.",
        )
    return str(number)


def _log_freq(frequency: str, value: Value) -> str:
    if value.known:
        return frequency
    # the legacy default is None, which the logger calls "epoch"
    return f'{frequency} or "epoch"' if _atomic(value.node) else f'({frequency}) or "epoch"'


def _check(arguments: _Arguments) -> None:
    if arguments["log_gradients"].truth is not False:
        if arguments["training_data"].literal is None:
            raise Refusal(
                "WKM412",
                "log_gradients without training_data raises ValueError",
                "Give training_data=(x, y).",
            )


def plan(
    values: Mapping[str, Value], target: str, fit_data: str | None = None, has_data: bool = True
) -> Plan:
    """Say which callbacks do the work of ``WandbCallback(**values)``.

    Args:
        values: The given arguments, as ``bind`` returns them.
        target: ``"wandb"`` or ``"compat"``.
        fit_data: The text of validation_data of the fit the call stands in, if it can be repeated.
        has_data: False when that fit is seen to have no validation data.

    Raises:
        Refusal: The target has no faithful answer.
    """
    arguments = _Arguments(values)
    _check(arguments)
    if target == "compat":
        return _plan_compat(arguments)
    return _plan_wandb(arguments, fit_data, has_data)


def _plan_compat(arguments: _Arguments) -> Plan:
    parts: list[Part] = []

    def add(name: str, given: list[tuple[str | None, str]], flag: str) -> None:
        there, condition = arguments.condition(flag)
        if there:
            parts.append(Part(name, tuple(given), condition))

    def differing(*pairs: tuple[str, str]) -> list[tuple[str | None, str]]:
        return [(new, arguments[old].text) for new, old in pairs if arguments.changed(old)]

    data: list[tuple[str | None, str]] = []
    if arguments.changed("validation_data"):
        data = [(None, arguments["validation_data"].text)]

    add("WandbParameterHistograms", [], "log_weights")
    add("WandbGradientHistograms", [(None, arguments["training_data"].text)], "log_gradients")
    images = _images_condition(arguments)
    if images is not False:
        typed = differing(
            ("generator", "generator"),
            ("input_type", "input_type"),
            ("output_type", "output_type"),
            ("labels", "labels"),
            ("predictions", "predictions"),
            ("class_colors", "class_colors"),
        )
        condition = images if isinstance(images, str) else None
        parts.append(Part("WandbPredictionImages", (*data, *typed), condition))
    add(
        "WandbPredictionTable",
        data
        + differing(
            ("generator", "generator"),
            ("validation_steps", "validation_steps"),
            ("labels", "labels"),
            ("indexes", "validation_indexes"),
            ("row_processor", "validation_row_processor"),
            ("prediction_row_processor", "prediction_row_processor"),
            ("infer_missing_processors", "infer_missing_processors"),
            ("frequency", "log_evaluation_frequency"),
        ),
        "log_evaluation",
    )
    add("WandbModelFlops", [], "compute_flops")
    add("WandbModelGraph", [], "save_graph")
    frequency = _batch_frequency(arguments)
    logger: list[tuple[str | None, str]] = [("key_style", '"legacy"')]
    if frequency is not None:
        logger.insert(0, ("log_freq", _log_freq(frequency, arguments["log_batch_frequency"])))
    parts.append(Part("WandbMetricsLogger", tuple(logger)))
    best: list[tuple[str | None, str]] = [
        (None, arguments["monitor"].text),
        ("mode", mode_text(arguments, "compat")),
    ]
    add("WandbBestMetric", best + differing(("prefix", "log_best_prefix")), "log_best_prefix")
    add(
        "WandbBestModel",
        best + differing(("save_weights_only", "save_weights_only"), ("verbose", "verbose")),
        "save_model",
    )
    _check_repeats(parts, arguments)
    return Plan(tuple(parts), tuple(_mode_notes(arguments)))


def _images_condition(arguments: _Arguments) -> bool | str:
    """When images are logged: always, never, or when an expression is true."""
    kinds = arguments["input_type"], arguments["output_type"]
    if any(kind.truth for kind in kinds):
        return True
    unknown = [kind.operand for kind in kinds if not kind.known]
    return " or ".join(unknown) if unknown else False


def _check_repeats(parts: list[Part], arguments: _Arguments) -> None:
    """Refuse a plan that would evaluate an expression with effects more than once."""
    for name, value in arguments.values.items():
        if value.known or value.repeatable():
            continue
        times = sum(part.condition == value.operand for part in parts) + sum(
            text == value.text for part in parts for _, text in part.arguments
        )
        if times > 1:
            arguments.repeatable(name)


def _plan_wandb(arguments: _Arguments, fit_data: str | None, has_data: bool) -> Plan:
    notes = [
        Note("WKM201", "metrics are logged as epoch/<name> instead of <name>", _KEEP_KEYS),
    ]
    logger: tuple[tuple[str | None, str], ...] = ()
    frequency = _batch_frequency(arguments)
    if frequency is not None:
        logger = (("log_freq", _log_freq(frequency, arguments["log_batch_frequency"])),)
        notes.append(Note("WKM213", "batches are logged as batch/<name> instead of <name>"))
    parts = [Part("WandbMetricsLogger", logger)]

    there, condition = arguments.condition("save_model")
    if there:
        parts.append(Part("WandbModelCheckpoint", _checkpoint(arguments), condition))
        notes.append(
            Note(
                "WKM202",
                "the best model is the artifact run_<id>_model and a file in the working "
                "directory, logged again after epochs without improvement",
            )
        )
        if not has_data and str(arguments["monitor"].literal).startswith("val_"):
            notes.append(
                Note(
                    "WKM209",
                    f"this fit has no validation data, so {arguments['monitor'].literal} is never "
                    "there and WandbModelCheckpoint fails",
                    "Give validation data, monitor a training metric, or use save_model=False.",
                )
            )
        notes += _mode_notes(arguments)
    notes += _lost(arguments)
    table = _validation_table(arguments, fit_data)
    if table is not None:
        parts.append(table)
        notes.append(
            Note(
                "WKM210",
                f"{GENERATED} was written into the file; it logs its table after every epoch",
            )
        )
    return Plan(tuple(parts), tuple(notes))


_KEEP_KEYS = "Use --target compat to keep the old names."


def _checkpoint(arguments: _Arguments) -> tuple[tuple[str | None, str], ...]:
    weights = arguments["save_weights_only"]
    path = WEIGHTS_FILE if weights.truth else MODEL_FILE
    extra: list[tuple[str | None, str]] = []
    if not weights.known:
        arguments.repeatable("save_weights_only")
        path = f"{WEIGHTS_FILE} if {weights.operand} else {MODEL_FILE}"
    if weights.truth is not False:
        extra.append(("save_weights_only", weights.text))
    if arguments.changed("verbose"):
        extra.append(("verbose", arguments["verbose"].text))
    mode = mode_text(arguments, "wandb")
    if not arguments["monitor"].known and arguments["mode"].literal not in ("min", "max"):
        arguments.repeatable("monitor")
    return (
        (None, path),
        ("monitor", arguments["monitor"].text),
        ("mode", mode),
        ("save_best_only", "True"),
        *extra,
    )


def _lost(arguments: _Arguments) -> list[Note]:
    notes = []
    for name, argument in ARGUMENTS.items():
        if argument.lost is not None and arguments[name].truth is not False:
            notes.append(
                Note(
                    argument.lost,
                    f"{argument.meaning}: no longer logged ({name})",
                    f"Target compat: {argument.compat}.",
                )
            )
    return notes


def _validation_table(arguments: _Arguments, fit_data: str | None) -> Part | None:
    wanted = arguments["log_evaluation"].truth
    images = _images_condition(arguments)
    if wanted is False and images is False:
        return None
    blocked = arguments.given(*_NEEDS_A_HUMAN)
    kind, output = arguments["input_type"], arguments["output_type"]
    if images is not False and not (
        kind.literal in _IMAGES and output.literal in (None, "label", "")
    ):
        blocked.append("input_type" if kind.literal not in _IMAGES else "output_type")
    if blocked:
        raise Refusal(
            "WKM411", f"the trio has no word for {', '.join(blocked)}", "Use --target compat."
        )
    data = fit_data
    if arguments["validation_data"].literal is not None:
        data = arguments["validation_data"].text
    if data is None:
        raise Refusal(
            "WKM411",
            "the data to predict on was taken from fit, and WandbEvalCallback needs it when it is "
            "constructed",
            "Give validation_data=(x, y), or use --target compat.",
        )
    given: list[tuple[str | None, str]] = [(None, data)]
    if arguments.given("labels"):
        given.append(("labels", arguments["labels"].text))
    if images is not False:
        given += [("images", "True")]
        if wanted is False:
            given += [("rows", arguments["predictions"].text)]
    condition = arguments["log_evaluation"].operand if wanted is None and images is False else None
    return Part(GENERATED, tuple(given), condition)
