"""Import statements in the making."""

from __future__ import annotations

from dataclasses import dataclass, field

from wandb_keras_codemods.legacy.names import COMPAT

ALONE = ""  # the group of modules that are imported in a statement of their own
_WIDTH = 100


@dataclass
class Lines:
    """Import statements in the making, in order: ``from`` module to names, None for ``import``."""

    groups: dict[str | None, dict[tuple[str, str | None], None]] = field(default_factory=dict)

    def add(self, module: str | None, name: str, asname: str | None = None) -> None:
        """Add one imported name."""
        bound = None if asname == name else asname
        self.groups.setdefault(module, {})[name, bound] = None

    def texts(self, indent: str, eol: str) -> list[str]:
        """Return the statements."""
        found = []
        for module, names in self.groups.items():
            if module == ALONE:
                found += [f"import {name}" for name, _ in names]
                continue
            if module == COMPAT:
                names = dict.fromkeys(sorted(names, key=str))
            parts = [name if bound is None else f"{name} as {bound}" for name, bound in names]
            start = "import " if module is None else f"from {module} import "
            text = start + ", ".join(parts)
            if module is not None and len(indent) + len(text) > _WIDTH:
                pad = f"{eol}{indent}    "
                text = f"{start}({pad}" + f",{pad}".join(parts) + f",{eol}{indent})"
            found.append(text)
        return found
