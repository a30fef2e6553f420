"""The tested combinations: the documented name of what the room ``environment`` knows of them."""

from .environment.matrix import FORMATS, Combination, admitted, render, tested

__all__ = ["FORMATS", "Combination", "admitted", "render", "tested"]
