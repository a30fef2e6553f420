"""Report dotted paths of what is gone in configurations: JSON, TOML, gin and the like."""

from __future__ import annotations

import re

from wandb_keras_codemods.findings import Finding
from wandb_keras_codemods.legacy.names import CLASS, COMPAT, LEGACY, OLD_MODULES, TRIO, UPSTREAM

_NEW = dict.fromkeys(LEGACY, f"{COMPAT}.{CLASS}")
_NEW.update({f"{home}.{name}": f"{UPSTREAM}.{name}" for home in OLD_MODULES for name in TRIO})
_PATH = re.compile(
    rf"(?<![\w.])(?:{'|'.join(re.escape(path) for path in sorted(_NEW, key=len, reverse=True))})\b"
)
_LINE_END = re.compile(r"\r\n|\r|\n")
_LONGEST = 200  # characters of a line that is shown


def mentions(data: bytes) -> bool:
    """Tell whether a configuration may name what is gone; False is certain."""
    return b"wandb" in data and b"keras" in data and b"Wand" in data


def find(text: str) -> list[Finding]:
    """Find dotted paths of classes that are gone, each with the line to write.

    Args:
        text: A configuration; what it means is not asked.

    Example:
        >>> (finding,) = find('_target_ = "wandb.keras.WandbCallback"')
        >>> finding.suggestion
        'Write  _target_ = "wandb_keras_compat.WandbCallback"'
    """
    found = []
    for number, line in enumerate(_LINE_END.split(text), 1):
        if line.lstrip().startswith(("#", ";", "//")):
            continue
        for match in _PATH.finditer(line):
            new = _PATH.sub(lambda path: _NEW[path[0]], line).strip()
            hint = f"Write  {new}" if len(new) <= _LONGEST else f"Write {_NEW[match[0]]} instead."
            place = number, match.start() + 1, number, match.end() + 1
            found.append(Finding("WKM414", f"{match[0]} is gone", hint, *place))
    return found
