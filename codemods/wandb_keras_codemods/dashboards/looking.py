"""Look at the saved views of a project, one after the other, and say what each becomes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import Any, Iterator, Sequence

from wandb_keras_codemods.files.outcome import FAILED, PENDING, UNCHANGED, Outcome
from wandb_keras_codemods.findings import Finding

from .copies import is_personal, name_of_copy
from .fields import BOTH, NEW
from .lossless import Lossy
from .names import DOUBTFUL, GONE, SEARCHED, Names
from .server import DRAFT, REPORT, VIEW, Project, Saved
from .specification import Place, Rewritten, rewrite

KINDS = {VIEW: "view", REPORT: "report", DRAFT: "draft"}  # as a person calls them
_CODES = {BOTH: "WKM701", NEW: "WKM702", GONE: "WKM703", DOUBTFUL: "WKM704", SEARCHED: "WKM705"}
_HINTS = {
    DOUBTFUL: "If Keras computes it, run again with --metric NAME.",
    SEARCHED: "Change it in the web app.",
    GONE: "Nothing takes its place.",
}
_LONGEST = 120  # characters of what a finding quotes


@dataclass(frozen=True)
class Listed:
    """What a project has saved.

    Args:
        originals: What may need a copy.
        copies: Their copies, by the id of the original.
        personal: How many workspaces there are that people work in, which are left alone.
    """

    originals: Sequence[Saved]
    copies: dict[str, Saved]
    personal: int

    @property
    def looked_at(self) -> list[Saved]:
        """All that is read: copies, too, and of what has one the original not again."""
        return [self.copies.get(saved.id, saved) for saved in self.originals]


@dataclass(frozen=True)
class Looked:
    """A saved view as it was read.

    Args:
        saved: Which one.
        outcome: What is to be said of it.
        view: What the server gave; None when it has gone.
        spec: What its copy is to show.
    """

    saved: Saved
    outcome: Outcome
    view: dict[str, Any] | None
    spec: str


def list_all(project: Project, types: Sequence[str]) -> Listed:
    """List what is saved in a project.

    Args:
        project: The project.
        types: ``VIEW``, ``REPORT`` or both.

    Raises:
        Unreachable: There is no such project, or the server does not answer.
    """
    found = [saved for type_ in types for saved in project.list(type_)]
    drafts = list(project.list(DRAFT)) if REPORT in types else []
    by_name = {saved.name: saved for saved in [*found, *drafts]}
    copies = {
        saved.id: by_name[name_of_copy(saved)] for saved in found if name_of_copy(saved) in by_name
    }
    made = {saved.id for saved in copies.values()}
    personal = sum(map(is_personal, found))
    originals = [saved for saved in found if saved.id not in made and not is_personal(saved)]
    return Listed(originals, copies, personal)


def look(
    project: Project,
    listed: Listed,
    names: Names,
    *,
    only_new: bool = False,
) -> Iterator[Looked]:
    """Read what is listed, one after the other, and say what each becomes.

    Args:
        project: The project.
        listed: What it has.
        names: Which names change.
        only_new: Whether copies show the new names alone.

    Raises:
        Unreachable: The server does not answer.
    """
    every = listed.looked_at
    titles = Counter((saved.type, saved.title) for saved in every)
    copies = {saved.id for saved in listed.copies.values()}
    for saved in every:
        twice = titles[saved.type, saved.title] > 1
        path = f"{KINDS[saved.type]} {saved.title}" + (f" ({saved.id})" if twice else "")
        view = project.read(saved)
        if view is None:
            yield Looked(saved, _failed(path, "it has gone while others were read"), None, "")
            continue
        is_copy = saved.id in copies
        try:
            rewritten = rewrite(
                view["spec"] or "{}",
                names,
                only_new=only_new and not is_copy,
                project=project.path,
            )
            reason = project.refusal(saved.type, rewritten.version) if rewritten.changed else None
            if reason is not None:
                raise Lossy(reason)
        except Lossy as error:
            yield Looked(saved, _failed(path, str(error)), view, "")
            continue
        outcome = outcome_of(path, rewritten, only_new)
        if is_copy:  # it is never copied again: what it reads was changed by somebody since
            outcome = _settled(outcome)
        yield Looked(saved, outcome, view, rewritten.text)


def _settled(outcome: Outcome) -> Outcome:
    """Return what is left to say of a copy."""
    left = replace(outcome.only("manual"), state=UNCHANGED)
    return replace(left, after=left.before, new=left.old)


def _failed(path: str, reason: str) -> Outcome:
    finding = Finding("WKM706", f"No copy is made: {reason}", "", 1, 1, 1, 1)
    return Outcome(path, path.split()[0], findings=(finding,), state=FAILED)


def outcome_of(path: str, rewritten: Rewritten, only_new: bool) -> Outcome:
    """Say what becomes of one specification: the places that read legacy names, as lines."""
    before: list[str] = []
    after: list[str] = []
    findings = []
    heading = None
    for place in rewritten.places:
        if place.heading != heading:
            heading = place.heading
            before.append(heading)
            after.append(heading)
        before.append(f"  {place.what}: {place.change.before}")
        after.append(f"  {place.what}: {place.change.after}")
        findings.append(_finding(place, len(before), only_new))
    first, second = _text(before), _text(after)
    state = PENDING if rewritten.changed else UNCHANGED
    old, new = (text.encode("utf-8", "surrogatepass") for text in (first, second))
    return Outcome(path, path.split()[0], first, second, tuple(findings), state, old, new)


def _finding(place: Place, line: int, only_new: bool) -> Finding:
    change = place.change
    code = "WKM701" if only_new and change.how == NEW else _CODES[change.how]
    told = f"{place.heading}: {place.what} "
    if change.before == change.after:
        message = f"{told}{_short(', '.join(change.names))}"
    else:
        message = f"{told}{_short(change.before)} -> {_short(change.after)}"
    hint = _HINTS.get(change.how, "")
    return Finding(code, message, hint, line, 1, line, 1)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 4]} ..."


def _text(lines: Sequence[str]) -> str:
    """Join lines, each of which stays one whatever names there are in it."""
    return "".join(f"{' '.join(line.splitlines())}\n" for line in lines)
