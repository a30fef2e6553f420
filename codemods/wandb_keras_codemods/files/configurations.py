"""Report dotted paths of what is gone in configurations: JSON, TOML, gin, YAML and the like."""

from __future__ import annotations

import re

from wandb_keras_codemods.findings import Finding
from wandb_keras_codemods.findings.lines import LINE_END
from wandb_keras_codemods.legacy.names import (
    CLASS,
    COMPAT,
    LEGACY,
    MODULES,
    OLD_MODULES,
    TRIO,
    UPSTREAM,
)

_NEW = dict.fromkeys(LEGACY, f"{COMPAT}.{CLASS}")
_NEW.update({f"{home}.{name}": f"{UPSTREAM}.{name}" for home in OLD_MODULES for name in TRIO})
_CLASS = "|".join(re.escape(path).replace(r"\.Wand", "[.:]Wand") for path in sorted(_NEW)[::-1])
_MODULE = "|".join(map(re.escape, sorted(OLD_MODULES)))
_PATH = re.compile(rf"(?<![\w.])(?:(?:{_CLASS})\b|(?:{_MODULE})(?![\w.:-]))")
_HOME = re.compile("|".join(map(re.escape, sorted(MODULES))).encode())
_NAMED = re.compile(rf"\b{CLASS}\b")
_COMMENT = re.compile(r"^\s*(?:[#;]|//)|\s#")
_LONGEST = 200  # characters of a line that is shown


def mentions(data: bytes) -> bool:
    """Tell whether a configuration may name what is gone; False is certain."""
    return b"wandb" in data and _HOME.search(data) is not None


def find(text: str) -> list[Finding]:
    """Find dotted paths of classes and modules that are gone, each with the line to write.

    Args:
        text: A configuration; what it means is not asked.

    Example:
        >>> (finding,) = find('_target_ = "wandb.keras.WandbCallback"')
        >>> finding.suggestion
        'Write  _target_ = "wandb_keras_compat.WandbCallback"'
    """
    named = _NAMED.search(text) is not None

    def new(match: re.Match[str]) -> str:
        if match[0] in OLD_MODULES:
            return COMPAT if named else UPSTREAM
        path = _NEW[match[0].replace(":", ".")]
        return path.replace(".Wand", ":Wand") if ":" in match[0] else path

    found = []
    for number, line in enumerate(LINE_END.split(text), 1):
        comment = _COMMENT.search(line)
        for match in _PATH.finditer(line, 0, comment.start() if comment else len(line)):
            written = _PATH.sub(new, line).strip()
            hint = (
                f"Write  {written}" if len(written) <= _LONGEST else f"Write {new(match)} instead."
            )
            place = number, match.start() + 1, number, match.end() + 1
            found.append(Finding("WKM414", f"{match[0]} is gone", hint, *place))
    return found
