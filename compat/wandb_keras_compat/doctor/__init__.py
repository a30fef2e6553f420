"""What will break here and where, and the remedy for each; nothing of the user's is run."""

from .checks import BREAK, NOTE, Diagnosis
from .diagnosing import diagnose, examine
from .facts import Facts
from .sources import scan
from .uses import Sources

__all__ = ["BREAK", "NOTE", "Diagnosis", "Facts", "Sources", "diagnose", "examine", "scan"]
