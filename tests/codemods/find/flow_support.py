"""Ask the value-flow analysis about small sources."""

from __future__ import annotations

import textwrap

import libcst as cst
import libcst.matchers as m

from wandb_keras_codemods.find.flow import Destination, Flow
from wandb_keras_codemods.find.holders import Holders
from wandb_keras_codemods.find.module import Module
from wandb_keras_codemods.find.project import Project
from wandb_keras_codemods.find.words import Words


def destinations(
    source: str, project: Project | None = None, filename: str = "script.py"
) -> tuple[Module, list[Destination]]:
    """Return where each ``W()`` of a source goes, in the order of the text."""
    module = Module(cst.parse_module(textwrap.dedent(source)), filename)
    found = [n for n in module.all(cst.Call) if m.matches(n, m.Call(func=m.Name("W")))]
    calls = sorted(
        found, key=lambda n: (module.position(n).start.line, module.position(n).start.column)
    )
    if project is None:
        project = Project.of({})
    flow = Flow(Holders(module, Words(module)), calls, project)
    return module, [flow.destination(call) for call in calls]


def verdict(source: str, project: Project | None = None, filename: str = "script.py") -> str:
    """Return ``"several"``, ``"one"``, ``"several only"`` or ``"none"`` for the constructions."""
    _, found = destinations(source, project, filename)
    assert found, source
    words = []
    for destination in found:
        several, one = destination.several is None, destination.one is None
        words.append(
            "several" if several and one else "one" if one else "only" if several else "none"
        )
    return words[0] if len(set(words)) == 1 else " ".join(words)
