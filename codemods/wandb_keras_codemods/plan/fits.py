"""What is seen of the calls that a construction goes to: fit and its data, evaluate, predict."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Iterator

import libcst as cst
from libcst.metadata import Assignment

from wandb_keras_codemods.find.chains import last_name
from wandb_keras_codemods.find.flow import Destination, Flow
from wandb_keras_codemods.find.module import Module

from .expressions import pure
from .loggers import Loggers

_FITS = {"fit": 7, "fit_generator": 5}  # and where validation_data stands by position
_FREQUENCY = "validation_freq"
_IDLE = frozenset({"evaluate", "evaluate_generator", "predict", "predict_generator"})
_OF_KERAS = frozenset(  # keywords that nobody but Keras and who imitates it takes
    {"epochs", "batch_size", "steps_per_epoch", "initial_epoch", "validation_steps"}
)
_KERASES = frozenset({"keras", "tensorflow", "tf_keras"})


@dataclass(frozen=True)
class Seen:
    """What is seen of the calls that a construction goes to.

    Args:
        data: validation_data of the fit, if it can be repeated where the construction stands.
        validated: Whether the fits have validation data; None when that is not known.
        mixed: Whether some of the fits are seen to have none, and others may have some.
        sometimes: Whether a fit validates in some epochs only; None when that is not known.
        keras: Whether each fit is Keras' own.
        idle: Whether it goes to evaluate and predict alone, where its hooks did nothing.
        by_hand: Whether its hooks are called by hand.
        logger: A WandbMetricsLogger that goes to the same fits.
        perhaps: One that may go to them.
    """

    data: cst.BaseExpression | None = None
    validated: bool | None = None
    mixed: bool = False
    sometimes: bool | None = False
    keras: bool = False
    idle: bool = False
    by_hand: bool = False
    logger: cst.Call | None = None
    perhaps: cst.Call | None = None


class Fits:
    """Looks up the calls that constructions go to.

    Args:
        module: The module.
        flow: Where constructions go.
    """

    def __init__(self, module: Module, flow: Flow) -> None:
        self._module = module
        self._flow = flow
        self._keras: dict[cst.Call, bool] = {}
        self._loggers = Loggers(module)

    def seen(self, call: cst.Call) -> Seen:
        """Return what is seen of the calls that a construction goes to."""
        way = self._flow.destination(call)
        around = self._around(call)
        calls = (*way.fits, *way.elsewhere) or (() if around is None else (around,))
        fits = [each for each in calls if _method(each) in _FITS]
        idle = [each for each in calls if _method(each) in _IDLE]
        has = {_has_data(fit) for fit in fits}
        if len(calls) > len(fits) + len(idle):
            has.add(None)  # a search for hyperparameters
        mixed = False in has and len(has) > 1
        here = [fit for fit in fits if fit not in way.elsewhere]
        logger, perhaps = self._loggers.beside(call, here)
        if way.several is not None or way.elsewhere:
            # its list is taken apart, or there are others, so that one beside it may go elsewhere
            logger, perhaps = None, logger or perhaps
        return Seen(
            self._data(call, around, way),
            has.pop() if len(has) == 1 else None,
            mixed,
            _sometimes(fits),
            all(map(self._known_keras, here)) and all(map(self._surely_keras, way.elsewhere)),
            bool(idle) and len(idle) == len(calls) and way.several is None,
            way.by_hand and way.one is None,
            logger,
            perhaps,
        )

    def _around(self, node: cst.CSTNode) -> cst.Call | None:
        for above in self._module.around(node):
            if isinstance(above, (cst.BaseStatement, cst.BaseSmallStatement)):
                return None
            if isinstance(above, cst.Call) and _method(above) in _FITS:
                return above
        return None

    # validation data

    def _data(
        self, call: cst.Call, around: cst.Call | None, way: Destination
    ) -> cst.BaseExpression | None:
        """Return validation_data where nothing can change it before the fit takes it."""
        fit = around
        if fit is None:
            fits = way.fits
            if len(fits) != 1 or way.elsewhere or _method(fits[0]) not in _FITS:
                return None
            (fit,) = fits
            if self._module.function(fit) is not self._module.function(call):
                return None
        data = _given(fit)
        if data is None or not pure(data) or not _is_pair(data):
            return None
        if around is None and not all(self._settled(node, call) for node in _parts(data)):
            return None
        return data

    def _settled(self, node: cst.BaseExpression, call: cst.Call) -> bool:
        """Whether a plain name has its last value where a construction stands."""
        if not isinstance(node, cst.Name):
            return False  # what an attribute or an item is may change with each call
        here = self._module.order(self._module.statement(call))
        bound = self._module.assignments(node)
        for each in bound:
            if isinstance(each, Assignment) and not isinstance(each.node, cst.Param):
                inside = self._module.function(each.node)
                if inside is not self._module.function(call):
                    return False
                if self._module.order(each.node) >= here:
                    return False
        return bool(bound)

    # whose fit it is

    def _known_keras(self, fit: cst.Call) -> bool:
        if fit not in self._keras:
            self._keras[fit] = self._is_keras(fit)
        return self._keras[fit]

    def _is_keras(self, fit: cst.Call) -> bool:
        """Whether a fit is seen to be that of a Keras model."""
        if not self._flow.is_keras(fit):
            return False
        receiver = cst.ensure_type(fit.func, cst.Attribute).value
        if _named_keras(fit) or self._is_compiled(receiver):
            return True
        return any(self._makes_model(value) for value in self._values(receiver))

    def _surely_keras(self, fit: cst.Call) -> bool:
        """Whether a fit of another file, where its receiver is not looked up, is Keras' own."""
        return self._flow.is_keras(fit) and _named_keras(fit)

    def _is_compiled(self, receiver: cst.BaseExpression) -> bool:
        return self._module.text(receiver) in self._compiled

    @cached_property
    def _compiled(self) -> set[str]:
        """The texts of all that is compiled."""
        return {
            self._module.text(call.func.value)
            for call in self._module.all(cst.Call)
            if isinstance(call.func, cst.Attribute) and call.func.attr.value == "compile"
        }

    def _values(self, node: cst.BaseExpression) -> Iterator[cst.CSTNode]:
        if isinstance(node, cst.Call):
            yield node
        elif isinstance(node, cst.Name):
            for each in self._module.assignments(node):
                target = self._module.parent(each.node) if isinstance(each, Assignment) else None
                assign = self._module.parent(target) if target is not None else None
                if isinstance(target, cst.AssignTarget) and isinstance(assign, cst.Assign):
                    yield assign.value

    def _makes_model(self, value: cst.CSTNode) -> bool:
        """Whether an expression constructs a model of Keras' own classes."""
        if not isinstance(value, cst.Call):
            return False
        return any(name.split(".")[0] in _KERASES for name in self._module.names(value.func))


def _method(call: cst.Call) -> str:
    return call.func.attr.value if isinstance(call.func, cst.Attribute) else ""


def _named_keras(fit: cst.Call) -> bool:
    """Whether what a fit takes, or what its receiver is called, says that it is Keras'."""
    keywords = {arg.keyword.value for arg in fit.args if arg.keyword is not None}
    if keywords & _OF_KERAS or _method(fit) == "fit_generator":
        return True
    return "model" in last_name(cst.ensure_type(fit.func, cst.Attribute).value).lower()


def _given(fit: cst.Call) -> cst.BaseExpression | None:
    """Return the argument validation_data, if it is there and not None."""
    for arg in fit.args:
        if arg.keyword is not None and arg.keyword.value == "validation_data":
            return None if _is_none(arg.value) else arg.value
    return None


def _has_data(fit: cst.Call) -> bool | None:
    """Tell whether a fit has validation data; None when that is only known when it runs."""
    positional = 0
    for arg in fit.args:
        keyword = None if arg.keyword is None else arg.keyword.value
        if arg.star:
            return None
        if keyword in ("validation_data", "validation_split") and not _is_none(arg.value):
            return not _is_zero(arg.value)
        positional += keyword is None
    return positional > _FITS[_method(fit)] - (_method(fit) == "fit")  # the share stands before it


def _sometimes(fits: list[cst.Call]) -> bool | None:
    """Tell whether a fit validates in some epochs only; None when the value is not known."""
    given = [a.value for f in fits for a in f.args if a.keyword and a.keyword.value == _FREQUENCY]
    lists = (cst.List, cst.Tuple, cst.Set)
    known = [v for v in given if isinstance(v, (cst.Integer, *lists))]
    if any(isinstance(v, lists) or v.evaluated_value != 1 for v in known):
        return True
    return None if len(known) < len(given) else False


def _is_none(node: cst.BaseExpression) -> bool:
    return isinstance(node, cst.Name) and node.value == "None"


def _is_zero(node: cst.BaseExpression) -> bool:
    return isinstance(node, (cst.Integer, cst.Float)) and not float(node.evaluated_value)


def _is_pair(node: cst.BaseExpression) -> bool:
    """Whether validation data is seen to be a pair of arrays, and no generator."""
    return isinstance(node, (cst.Tuple, cst.List)) and len(node.elements) >= 2


def _parts(node: cst.BaseExpression) -> list[cst.BaseExpression]:
    assert isinstance(node, (cst.Tuple, cst.List))
    return [element.value for element in node.elements]
