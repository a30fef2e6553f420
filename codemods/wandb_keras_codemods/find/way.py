"""What a walk can be told to do, for those of its parts that it calls itself."""

from __future__ import annotations

from typing import Protocol

import libcst as cst
from libcst.metadata import Scope

from wandb_keras_codemods.find.callers import Callers
from wandb_keras_codemods.find.carriers import Carrier, Layers
from wandb_keras_codemods.find.holders import Holders
from wandb_keras_codemods.find.module import Function, Module


class Way(Protocol):
    """The verbs of a walk that its parts in other files need."""

    holders: Holders
    module: Module
    callers: Callers
    nested: bool

    def follow(self, node: cst.BaseExpression, layers: Layers, listed: bool) -> None:
        """Go on with an expression."""

    def contain(self, node: cst.BaseExpression, carrier: Carrier, layers: Layers) -> None:
        """Go on with an object that contains the callback."""

    def into_name(self, name: cst.Name, carrier: Carrier, layers: Layers) -> None:
        """Go on with each use of a name that stands in the module."""

    def into_attribute(self, node: cst.Attribute, carrier: Carrier, layers: Layers) -> None:
        """Go on with each use of an attribute that stands in the module."""

    def hold(self, carrier: Carrier, owner: cst.CSTNode) -> None:
        """Note that a construction stands where it is handed on as it is."""

    def refuse(self, carrier: Carrier, why: str) -> None:
        """Say that a use does not take several callbacks, or not even another one."""

    def name(self, home: Scope, name: str, carrier: Carrier, layers: Layers) -> None:
        """Go on with each use of a name."""

    def attribute(self, name: str, carrier: Carrier, layers: Layers) -> None:
        """Go on with each use of an attribute."""

    def returned(self, function: Function, carrier: Carrier, layers: Layers) -> None:
        """Go on with each call of a function."""

    def not_several(self, carrier: Carrier, why: str) -> None:
        """Say that a use does not take several callbacks."""
