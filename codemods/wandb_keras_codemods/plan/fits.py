"""The validation data of the fit that a construction goes to, where it can be repeated."""

from __future__ import annotations

import libcst as cst
from libcst.metadata import Assignment

from wandb_keras_codemods.find.flow import Flow
from wandb_keras_codemods.find.module import Module

from .expressions import pure

_FITS = ("fit", "fit_generator")


class Fits:
    """Looks up the fit calls that constructions go to.

    Args:
        module: The module.
        flow: Where constructions go.
    """

    def __init__(self, module: Module, flow: Flow) -> None:
        self._module = module
        self._flow = flow

    def data(self, call: cst.Call) -> tuple[cst.BaseExpression | None, bool]:
        """Return validation_data of the fit a construction goes to, and whether it has any."""
        around = self._around(call)
        if around is not None:
            return _validation_data(around)
        return self._data_of_the_only_fit(call), True

    def _around(self, node: cst.CSTNode) -> cst.Call | None:
        for above in self._module.around(node):
            if isinstance(above, (cst.BaseStatement, cst.BaseSmallStatement)):
                return None
            if isinstance(above, cst.Call) and _is_fit(above):
                return above
        return None

    def _data_of_the_only_fit(self, call: cst.Call) -> cst.BaseExpression | None:
        """Return validation_data of the one fit a callback goes to under a name, if it is there.

        It is when all its names have got their values before the callback is constructed.
        """
        fits = self._flow.destination(call).fits
        if len(fits) != 1 or not _is_fit(fits[0]):
            return None
        (fit,) = fits
        if self._module.function(fit) is not self._module.function(call):
            return None
        data, _ = _validation_data(fit)
        if data is None:
            return None
        here = self._module.order(self._module.statement(call))
        for name in _names(data):
            bound = self._module.assignments(name)
            if not bound:
                return None
            for each in bound:
                if isinstance(each, Assignment) and self._module.order(each.node) >= here:
                    return None
        return data


def _is_fit(call: cst.Call) -> bool:
    return isinstance(call.func, cst.Attribute) and call.func.attr.value in _FITS


def _names(node: cst.CSTNode) -> list[cst.Name]:
    if isinstance(node, cst.Name):
        return [node]
    children = [node.value] if isinstance(node, cst.Attribute) else node.children
    return [name for child in children for name in _names(child)]


def _validation_data(fit: cst.Call) -> tuple[cst.BaseExpression | None, bool]:
    positional = 0
    for arg in fit.args:
        keyword = None if arg.keyword is None else arg.keyword.value
        if keyword == "validation_data":
            if isinstance(arg.value, cst.Name) and arg.value.value == "None":
                continue
            usable = pure(arg.value) and _is_pair(arg.value)
            return (arg.value if usable else None), True
        if arg.star == "**" or keyword == "validation_split":
            return None, True
        positional += keyword is None
    return None, positional > 6 or any(arg.star == "*" for arg in fit.args)


def _is_pair(node: cst.BaseExpression) -> bool:
    """Whether validation data is seen to be a pair of arrays, and no generator."""
    return isinstance(node, (cst.Tuple, cst.List)) and len(node.elements) >= 2
