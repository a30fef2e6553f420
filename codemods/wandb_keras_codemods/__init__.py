"""Rewrite legacy W&B Keras usages into the trio: find, plan, render."""

from __future__ import annotations

from typing import TYPE_CHECKING, AnyStr, Mapping

from wandb_keras_codemods.findings import CODES, Code, Finding, Migration, ParseFailure, mentions
from wandb_keras_codemods.legacy.targets import TARGETS

__all__ = [
    "CODES",
    "TARGETS",
    "Code",
    "Finding",
    "Migration",
    "ParseFailure",
    "mentions",
    "migrate",
]

if TYPE_CHECKING:
    from wandb_keras_codemods.find.project import Project
    from wandb_keras_codemods.metrics.names import MetricNames


def migrate(
    source: AnyStr,
    target: str,
    *,
    filename: str = "<string>",
    fallback: bool = True,
    rename_metrics: bool = False,
    renamed: bool = False,
    programs: Mapping[str, MetricNames] | None = None,
    project: Project | None = None,
) -> Migration[AnyStr]:
    r"""Migrate one Python source, or a notebook's cells joined into one.

    Args:
        source: The source, text or bytes, with any line endings; a byte order mark may be first.
        target: ``"shim"`` to change only where the legacy class comes from, ``"compat"`` for the
            focused callbacks of wandb_keras_compat, ``"wandb"`` for the official trio.
        filename: The name of the file, for what depends on it (an ``__init__.py`` re-exports).
        fallback: Whether what cannot be migrated imports from wandb_keras_compat, so that it runs.
        rename_metrics: Whether literal metric names are rewritten too (target ``"wandb"``).
        renamed: Whether other files of the same runs migrate: then metric names are reported here
            too, also where no callback is (target ``"wandb"``).
        programs: The programs that sweeps name and that come to migrated code, as seen from this
            file (``"src/train.py"``), with what they say of their metrics; by default not known.
        project: What the other files of the run read; by default all that is public.

    Raises:
        ParseFailure: The source cannot be parsed.
        ValueError: The target is none of the three.

    Example:
        >>> migrate("from wandb.keras import WandbCallback\n", "compat").findings[0].code
        'WKM207'
    """
    if target not in TARGETS:
        raise ValueError(f"target must be one of {', '.join(TARGETS)}, not {target!r}")
    data = source if isinstance(source, bytes) else source.encode("utf-8", "surrogatepass")
    if not renamed and not mentions(data):
        return Migration(source, (), source)
    from wandb_keras_codemods.command import migrate_source

    return migrate_source(
        source,
        filename,
        target=target,
        fallback=fallback,
        rename_metrics=rename_metrics,
        renamed=renamed,
        programs=programs,
        project=project,
    )
