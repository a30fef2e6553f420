"""Read what the files of a run may read of each other."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Sequence

from .walk import Candidate, Scan

if TYPE_CHECKING:
    from wandb_keras_codemods.find.project import Project


def project_of(scan: Scan, candidates: Sequence[Candidate]) -> Project | None:
    """Return the project of a scan that is over; None where no more than single files were named.

    Files beside those that were named one by one are not known, so all that is public counts as
    read in these. Of a folder, all files are known.

    Args:
        scan: The scan.
        candidates: The files that are going to be migrated, which need not be read again.
    """
    if not any(os.path.isdir(path) for path in scan.paths):
        return None
    from wandb_keras_codemods.find.project import Project

    files = {candidate.path: candidate.data for candidate in candidates}
    for path in scan.programs:
        if path not in files:
            try:
                with open(path, "rb") as file:
                    files[path] = file.read()
            except OSError:
                continue  # it vanished while we looked
    programs = frozenset(scan.programs)
    return Project.of({path: data for path, data in files.items() if path in programs})
