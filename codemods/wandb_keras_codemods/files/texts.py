"""Which texts are about W&B's Keras callback: documents, cells, code that nobody can parse."""

from __future__ import annotations

import re
from dataclasses import dataclass

from wandb_keras_codemods.findings import Finding
from wandb_keras_codemods.findings.pragmas import Pragmas

_GONE = r"\bwandb\.(?:wandb_)?keras\b|\bfrom\s+wandb\s+import\s+keras\b"
_MODULE = re.compile(
    rf"{_GONE}|\bwandb\.integration\.keras\b|\bfrom\s+wandb\.integration\s+import\s+keras\b"
)
_CLASS = re.compile(r"\bWand[bB](?:Keras)?Callback\b")
_LEGACY = re.compile(rf"{_GONE}|{_CLASS.pattern}")
# where classes of the same name live
_OTHER_HOMES = re.compile(
    r"\b(?:fastai|fastcore|transformers|xgboost|lightgbm|catboost|sb3|stable_baselines3"
    r"|pytorch_lightning|lightning|diffusers|ultralytics|wandb_keras_compat)\b"
)


@dataclass(frozen=True)
class Document:
    """A text, of which a block may name W&B's callback by its class alone.

    Args:
        keras: Whether W&B's Keras module is named anywhere in it.
        others: Whether another home of a class of that name is.

    Example:
        >>> document = Document.of("from wandb.keras import WandbCallback")
        >>> document.mention("cb = WandbCallback()").group()
        'WandbCallback'
        >>> document.mention("from fastai.callback.wandb import WandbCallback") is None
        True
    """

    keras: bool = False
    others: bool = False

    @classmethod
    def of(cls, text: str) -> Document:
        """Read a whole document."""
        return cls(_MODULE.search(text) is not None, _OTHER_HOMES.search(text) is not None)

    def mention(self, block: str) -> re.Match[str] | None:
        """Return where a block of it names what is gone; None where it is about something else."""
        if _MODULE.search(block) is None:
            named = _OTHER_HOMES.search(block) is not None
            if named or not self.keras or self.others:
                return None
            return _CLASS.search(block)
        return _LEGACY.search(block)

    def report(
        self, block: str, where: str, cell: int | None = None, first: int = 1
    ) -> list[Finding]:
        """Report a block that names what is gone, once; a pragma on any of its lines silences it.

        Args:
            block: A code block or a cell, which is not migrated.
            where: What it is.
            cell: The number of the notebook cell it stands in.
            first: The number of its first line.
        """
        match = self.mention(block)
        if match is None:
            return []
        if Pragmas.in_text(block).covers(1, block.count("\n") + 1, "WKM422"):
            return []
        line = first + block.count("\n", 0, match.start())
        column = match.start() - (block.rfind("\n", 0, match.start()) + 1) + 1
        message = f"{match[0]} in {where}"
        hint = "Bring the text up to date by hand."
        end = column + len(match[0])
        return [Finding("WKM422", message, hint, line, column, line, end, cell)]


def concerns(text: str) -> bool:
    r"""Tell whether a text that cannot be read as code uses what is gone.

    Example:
        >>> concerns("from wandb.keras import WandbCallback\nprint 'old'")
        True
        >>> concerns("from fastai.callback.wandb import WandbCallback\nprint 'old'")
        False
    """
    return Document.of(text).mention(text) is not None
