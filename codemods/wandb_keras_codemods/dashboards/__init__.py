"""Saved views of a project on a W&B server: what in them reads legacy names, and their copies.

The one room that asks a server. It imports wandb and wandb-workspaces when it does, not before.
"""

from __future__ import annotations

from .looking import Listed, Looked, list_all, look
from .names import Names
from .server import DRAFT, REPORT, VIEW, Denied, Project, Saved, Unreachable
from .writing import save

__all__ = [
    "DRAFT",
    "REPORT",
    "VIEW",
    "Denied",
    "Listed",
    "Looked",
    "Names",
    "Project",
    "Saved",
    "Unreachable",
    "list_all",
    "look",
    "save",
]
