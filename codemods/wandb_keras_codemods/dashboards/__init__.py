"""Saved views of a project on a W&B server: what in them reads legacy names, and their copies.

The one room that asks a server. It imports wandb and wandb-workspaces when it does, not before.
"""

from __future__ import annotations

from .copies import name_of_copy
from .looking import Listed, Looked, list_all, look
from .names import Names
from .runs import SAMPLE, Runs, look_at_runs
from .server import DRAFT, REPORT, VIEW, Denied, Project, Saved, Unreachable
from .sweeps import Sweep, look_at_sweeps, write_sweep
from .writing import drop_twins, save

__all__ = [
    "DRAFT",
    "REPORT",
    "SAMPLE",
    "VIEW",
    "Denied",
    "Listed",
    "Looked",
    "Names",
    "Project",
    "Runs",
    "Saved",
    "Sweep",
    "Unreachable",
    "drop_twins",
    "list_all",
    "look",
    "look_at_runs",
    "look_at_sweeps",
    "name_of_copy",
    "save",
    "write_sweep",
]
