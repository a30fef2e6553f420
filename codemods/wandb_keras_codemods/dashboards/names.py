"""Which names of metrics become others, in each form that saved views and reports write them."""

from __future__ import annotations

import re
from typing import Iterable, NamedTuple

from wandb_keras_codemods.metrics.names import MetricNames

# summary:val_loss (columns, scatter plots), summary_metrics.val_loss (queries), val_loss.min (what
# define_metric keeps); the forms are those that wandb-workspaces reads and writes
_FORM = re.compile(
    r"(?P<head>(?:summary:|summary_metrics\.|summary\.|history:|keys_info:|keys_info\.keys\.)?)"
    r"(?P<name>[^:]+?)(?P<tail>(?:\.(?:min|max|mean|best|last))?)"
)
_OTHER = ("config:", "config.", "run:", "tags:", "tags.", "c::")
# In an expression a name is bare or stands in ${...}; one with a slash has to.
_IN_EXPRESSION = re.compile(
    r"\$\{(?P<braced>[^{}]*)\}"
    r"|(?P<joined>[A-Za-z_]\w*(?:/[A-Za-z_]\w*)+)"  # a division, or one name: nobody can tell
    r"|(?<![\w.:])(?P<bare>[A-Za-z_]\w*)(?![\w(:])"
)
_WORD = re.compile(r"(?<![\w./-])[A-Za-z_]\w*(?![\w/])")
# What the legacy callback recorded beside metrics and WandbMetricsLogger does not: exact names
# and beginnings. The generated table in MIGRATION.md has the same rows.
_GONE = ("examples", "validation_predictions", "GFLOPs")
_GONE_BELOW = ("parameters/", "gradients/")

RENAMED, DOUBTFUL, GONE = "renamed", "doubtful", "gone"
SEARCHED = "searched"


class Renaming(NamedTuple):
    """What becomes of one name.

    Args:
        state: ``RENAMED``; ``DOUBTFUL`` when it may be another program's; ``GONE`` when nothing
            takes its place; ``SEARCHED`` when it stands in what is not understood.
        old: As it stands.
        new: What to read instead, in the same form; the old one where it is gone.
    """

    state: str
    old: str
    new: str


class Names:
    """The names that change in a project.

    Args:
        known: Names of metrics beside those of the table, which ``compile`` was given.
        sure: Whether they are those of runs that migrate; else they are told and none changes.

    Example:
        >>> names = Names()
        >>> names.renaming("summary:val_loss").new, names.renaming("config:lr.value")
        ('summary:epoch/val_loss', None)
        >>> names.renaming("val_iou").state, Names(["iou"]).renaming("val_iou").state
        ('doubtful', 'renamed')
    """

    def __init__(self, known: Iterable[str] = (), *, sure: bool = True) -> None:
        self._sure = sure
        plain = {name[4:] if name.startswith("val_") else name for name in known}
        self.table = MetricNames(compiled=frozenset(plain))
        self._seen: dict[str, Renaming | None] = {}

    def renaming(self, text: str) -> Renaming | None:
        """Tell what becomes of a name; None when it is none of the callback's."""
        if text not in self._seen:
            self._seen[text] = self._find(text)
        return self._seen[text]

    def _find(self, text: str) -> Renaming | None:
        form = None if text.startswith(_OTHER) else _FORM.fullmatch(text)
        if form is None:
            return None
        name = form["name"]
        if name in _GONE or name.startswith(_GONE_BELOW) or self.table.best(name):
            return Renaming(GONE, text, text)
        new = self.table.new(name)
        if new is None:
            return None
        state = RENAMED if self.table.sure(name) else DOUBTFUL
        if not self._sure:
            state = SEARCHED
        return Renaming(state, text, f"{form['head']}{new}{form['tail']}")

    def behind_a_run(self, key: str) -> Renaming | None:
        """Tell what becomes of a key that is a name, or the id of a run, a colon and a name.

        Example:
            >>> Names().behind_a_run("1mbku38n:loss").new, Names().behind_a_run("config:loss")
            ('1mbku38n:epoch/loss', None)
        """
        found = self.renaming(key)
        run, _, name = key.rpartition(":")
        if found is not None or not run or key.startswith(_OTHER):
            return found
        found = self.renaming(name)
        return found and Renaming(found.state, key, f"{run}:{found.new}")

    def in_expression(self, text: str) -> Renaming | None:
        """Tell what becomes of an expression over metrics.

        Example:
            >>> Names().in_expression("val_loss - ${loss} + log(x)").new
            '${epoch/val_loss} - ${epoch/loss} + log(x)'
        """
        states: set[str] = set()

        def instead(match: re.Match[str]) -> str:
            if match["joined"]:
                if any(map(self.renaming, match["joined"].split("/"))):
                    states.add(SEARCHED)
                return match[0]
            found = self.renaming(match["bare"] or match["braced"].strip() or " ")
            if found is None:
                return match[0]
            states.add(found.state)
            return f"${{{found.new}}}" if found.state == RENAMED else match[0]

        new = _IN_EXPRESSION.sub(instead, text)
        return _worst(states, text, new)

    def in_template(self, text: str) -> Renaming | None:
        """Tell what becomes of a text with names in ``${...}``, as legends are written.

        Example:
            >>> Names().in_template("the loss: ${summary:loss}").new
            'the loss: ${summary:epoch/loss}'
        """
        states: set[str] = set()

        def instead(match: re.Match[str]) -> str:
            found = self.renaming(match[1].strip() or " ")
            if found is None:
                return match[0]
            states.add(found.state)
            return f"${{{found.new}}}" if found.state == RENAMED else match[0]

        new = re.sub(r"\$\{([^{}]*)\}", instead, text)
        return _worst(states, text, new)

    def mentioned(self, text: str) -> list[str]:
        """Return the names in a text that is not understood, each once.

        Example:
            >>> Names().mentioned('{"field": "val_loss", "as": "epoch/loss"}')
            ['val_loss']
        """
        found: dict[str, None] = {}
        for match in _WORD.finditer(text):
            renaming = self.renaming(match[0])
            if renaming is not None and (renaming.state == RENAMED or match[0].startswith("best_")):
                found[match[0]] = None
        return list(found)


def _worst(states: set[str], old: str, new: str) -> Renaming | None:
    """Sum up what is in one text: what is in doubt keeps all of it as it is."""
    for state in (SEARCHED, DOUBTFUL, GONE):
        if state in states:
            return Renaming(state, old, old)
    return Renaming(RENAMED, old, new) if states else None
