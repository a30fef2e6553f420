"""Save the copies, a view beside each view, a draft beside each report; overwrite nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Collection

from wandb_keras_codemods.files.outcome import FAILED, PENDING, WRITTEN, Outcome
from wandb_keras_codemods.findings import Finding

from .copies import name_of_copy, title_of_copy, type_of_copy
from .looking import Looked
from .server import DRAFT, VIEW, Denied, Project


def save(project: Project, looked: Looked) -> Outcome:
    """Save the copy of a view that needs one.

    Args:
        project: The project.
        looked: The view, as it was read.

    Returns:
        What became of it.

    Raises:
        Unreachable: The server does not answer; nothing of this copy is there, or all of it.
    """
    if looked.outcome.state != PENDING or looked.view is None:
        return looked.outcome
    saved = looked.saved
    try:
        project.save(
            type_of_copy(saved),
            name_of_copy(saved),
            title_of_copy(saved),
            looked.view.get("description") or "",
            looked.spec,
        )
    except Denied as error:
        finding = Finding("WKM706", f"No copy is made: {error}", "", 1, 1, 1, 1)
        return looked.outcome.with_state(FAILED, finding)
    return replace(looked.outcome, state=WRITTEN)


def drop_twins(project: Project, names: Collection[str]) -> int:
    """Delete what a copy was saved as a second time, and return how many there were.

    A server may save a view and be gone before it says so; then the client asks it again.

    Args:
        project: The project.
        names: The names of the copies that were just saved.

    Raises:
        Unreachable: The server does not answer.
    """
    seen: set[str] = set()
    twins = []
    for saved in [*project.list(VIEW), *project.list(DRAFT)]:
        if saved.name in names:
            twins += [saved.id] if saved.name in seen else []
            seen.add(saved.name)
    for id_ in twins:
        project.delete(id_)
    return len(twins)
