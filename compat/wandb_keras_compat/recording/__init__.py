"""What a run recorded: read from its log, shown, and compared with another run's."""

from .differences import Difference, compare
from .history import Row
from .reader import find, read
from .recording import (
    Artifact,
    ArtifactFile,
    File,
    Metric,
    Recording,
    RecordingError,
    SummaryUpdate,
)

__all__ = [
    "Artifact",
    "ArtifactFile",
    "Difference",
    "File",
    "Metric",
    "Recording",
    "RecordingError",
    "Row",
    "SummaryUpdate",
    "compare",
    "find",
    "read",
]
