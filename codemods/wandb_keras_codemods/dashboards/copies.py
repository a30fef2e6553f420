"""What the copy of a saved view is called, so that each view has at most one and finds it again."""

from __future__ import annotations

import base64
import hashlib

from .server import DRAFT, REPORT, VIEW, Saved

PREFIX = "epoch/"  # of the names that WandbMetricsLogger logs


def name_of_copy(saved: Saved) -> str:
    """Return the name of a view's copy in addresses: always the same for one view.

    Example:
        >>> name_of_copy(Saved(VIEW, "Vmlldzox", "nw-abcdefghijk-v", "Losses"))
        'nw-53hdzzkdpxk-v'
    """
    digest = base64.b32encode(hashlib.sha256(saved.id.encode()).digest()).decode().lower()
    return f"nw-{digest[:11]}-v" if saved.type == VIEW else digest[:12]


def title_of_copy(saved: Saved) -> str:
    """Return what people see.

    Example:
        >>> title_of_copy(Saved(REPORT, "Vmlldzox", "x", "Losses"))
        'Losses epoch/'
    """
    return f"{saved.title} {PREFIX}"


def type_of_copy(saved: Saved) -> str:
    """Return the type of a copy: of a report it is a draft, which only its author sees."""
    return DRAFT if saved.type == REPORT else saved.type


def is_personal(saved: Saved) -> bool:
    """Whether a view is somebody's own workspace, which the web app saves as they work.

    Example:
        >>> is_personal(Saved(VIEW, "x", "nw-nwuserjane-w", "Jane's workspace"))
        True
    """
    return saved.type == VIEW and saved.name.endswith("-w")
