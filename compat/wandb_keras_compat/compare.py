"""Compare what two runs recorded: the documented name of what the room ``recording`` does."""

from .recording.differences import ABSENT, Difference, compare
from .recording.renaming import renamer

__all__ = ["ABSENT", "Difference", "compare", "renamer"]
