"""Print what the doctor found, for people in 80 columns and for programs."""

from __future__ import annotations

import dataclasses
import json
import textwrap
from itertools import groupby
from typing import Iterator, Sequence

from wandb_keras_compat._printed import counted, safe
from wandb_keras_compat.environment import Keras

from .checks import BREAK, NOTE, Diagnosis
from .diagnosing import models
from .facts import OFF, ON, OURS_ON, Facts
from .uses import Sources

_WIDTH = 80
_SHOWN = 10  # places of one diagnosis
_STYLES = {BREAK: "1;31", NOTE: "1;33", "": "1"}  # bold red, yellow, bold
_TITLES = {BREAK: "Will break", NOTE: "Good to know"}
_SHIM = {
    OFF: "off: legacy imports are left to wandb",
    ON: "on: legacy imports work, with W&B's classes where it still has them",
    OURS_ON: "on: legacy imports work, with the classes of this package",
}


def as_text(
    facts: Facts, sources: Sources | None, found: Sequence[Diagnosis], *, colour: bool = False
) -> str:
    """Return the report of ``wandb-keras-compat doctor``."""
    lines = [*_installed(facts), *_models(facts, sources)]
    for level, title in _TITLES.items():
        chosen = [diagnosis for diagnosis in found if diagnosis.level == level]
        if chosen:
            lines += ["", _styled(title, level, colour)]
        for remedy, alike in groupby(chosen, key=lambda diagnosis: diagnosis.remedy):
            group = list(alike)
            for diagnosis in group:
                first, *rest = _entry(diagnosis)
                name = f"{diagnosis.id}:"
                lines += [first.replace(name, _styled(name, level, colour), 1), *rest]
            lines += _remedy(remedy, len(group))
    count = sum(diagnosis.level == BREAK for diagnosis in found)
    verdict = f"{counted(count, 'thing')} will break." if count else "Nothing breaks."
    if any(diagnosis.id == "codemod-missing" for diagnosis in found) and sources is None:
        verdict = f"{verdict[:-1]} in the environment; the code was not read."
    if sources is not None and sources.unread:
        unread = counted(len(sources.unread), "file")
        verdict = f"{verdict[:-1]} in what was read; {unread} could not be read."
    return "\n".join([*lines, "", _styled(verdict, "", colour)])


def _styled(text: str, level: str, colour: bool) -> str:
    """Return a text as terminals show it in the colours of ``wandb-keras-migrate``."""
    return f"\x1b[{_STYLES[level]}m{text}\x1b[0m" if colour else text


def as_json(facts: Facts, sources: Sources | None, found: Sequence[Diagnosis]) -> str:
    """Return the report of ``wandb-keras-compat doctor --json``."""
    report = {
        "breaks": any(diagnosis.level == BREAK for diagnosis in found),
        "unread": list(sources.unread) if sources else [],
        "environment": dataclasses.asdict(facts.environment),
        "protobuf": facts.protobuf,
        "shim": facts.shim,
        "models": [
            {"name": use.name, "place": use.place, "keras": keras and dataclasses.asdict(keras)}
            for use, keras in (models(facts, sources) if sources else ())
        ],
        "diagnoses": [dataclasses.asdict(diagnosis) for diagnosis in found],
    }
    return json.dumps(report, indent=2)


def _installed(facts: Facts) -> Iterator[str]:
    environment = facts.environment
    yield from _row("Python", environment.python)
    yield from _row("Keras", "\n".join(map(str, environment.kerases)) or "not installed")
    for name, version in (
        ("TensorFlow", environment.tensorflow),
        ("JAX", environment.jax),
        ("torch", environment.torch),
    ):
        yield from _row(name, version or "not installed")
    wandb = environment.wandb
    yield from _row("wandb", "not installed" if wandb is None else f"{wandb.version}: {wandb.era}")
    yield from _row("protobuf", facts.protobuf or "not installed")
    yield from _row("Callbacks", f"ours are built on {environment.callbacks_on or 'no Keras yet'}")
    yield from _row("Shim", _SHIM[facts.shim])


def _models(facts: Facts, sources: Sources | None) -> Iterator[str]:
    if sources is None:
        return
    by_name: dict[str, tuple[Keras | None, list[str]]] = {}
    for use, keras in models(facts, sources):
        by_name.setdefault(use.name, (keras, []))[1].append(use.place)
    texts = []
    for name, (keras, places) in by_name.items():
        more = f" and {len(places) - 1} more" if len(places) > 1 else ""
        texts.append(f"{name} is {keras or 'not installed'} ({places[0]}{more})")
    files = counted(sources.files, "file")
    none = f"no Keras is imported in {files}" if sources.files else "no Python file, no notebook"
    yield from _row("Models", "\n".join(texts) or none)


def _row(label: str, text: str) -> Iterator[str]:
    for number, part in enumerate(text.split("\n")):
        yield from textwrap.wrap(
            safe(part),
            _WIDTH,
            initial_indent=f"{'' if number else label:<12}",
            subsequent_indent=" " * 12,
            break_long_words=False,
            break_on_hyphens=False,
        )


def _entry(diagnosis: Diagnosis) -> Iterator[str]:
    yield from _wrap(f"{diagnosis.id}: {diagnosis.what}", "  ", "    ")
    for place in diagnosis.where[:_SHOWN]:
        yield f"      {safe(place)}"
    if len(diagnosis.where) > _SHOWN:
        yield f"      and {len(diagnosis.where) - _SHOWN} more"


def _remedy(remedy: str, count: int) -> list[str]:
    """Return the lines that say what to do, once for all that it is good for."""
    these = f"For these {count}: " if count > 1 else ""
    return _wrap(f"-> {these}{remedy}", "    ", "       ") if remedy else []


def _wrap(text: str, first: str, rest: str) -> list[str]:
    return textwrap.wrap(
        safe(text),
        _WIDTH,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
