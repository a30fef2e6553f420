"""What can be said of one construction: why it is left as it is, what to know of its migration."""

from __future__ import annotations

from dataclasses import dataclass


class Refusal(Exception):
    """Why a construction is left as it is.

    Args:
        code: The code of the finding.
        message: The reason in this case.
        suggestion: What a human can do.
    """

    def __init__(self, code: str, message: str, suggestion: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.suggestion = suggestion


@dataclass(frozen=True)
class Note:
    """Something to tell about a construction that was migrated."""

    code: str
    message: str
    suggestion: str = ""
