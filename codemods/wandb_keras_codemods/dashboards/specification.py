"""Walk the specification of a view or report, and let what reads a legacy name read the new one.

The tree of JSON is edited where a name stands, and nowhere else: what this module does not know
stays as it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Iterator

from .fields import EDITORS, NEW, Change
from .lossless import Lossy, parse, written
from .names import DOUBTFUL, RENAMED, SEARCHED, Names, Renaming
from .panels import LINE_PLOT, OUTSIDE, PANELS, PATTERN, PROSE, WORDS

_SECTIONS = ("summary", "keys_info", "history")  # of a run, where metrics are
_PREFIXED = re.compile(r"(?:summary:|summary_metrics\.|history:|keys_info:)")
_ROLES = {"filters": "filter", "sort": "order", "grouping": "grouping"}


@dataclass(frozen=True)
class Place:
    """One place of a specification that reads a legacy name.

    Args:
        heading: The panel, run set or settings it is in, as a person finds it.
        what: The field, in words.
        change: What becomes of it.
    """

    heading: str
    what: str
    change: Change


@dataclass(frozen=True)
class Rewritten:
    """What a specification becomes.

    Args:
        text: The JSON to save.
        places: The places that read legacy names, in their order.
        panels: How many panels there are.
        version: What the specification says is its version, if it does.
    """

    text: str = field(repr=False)
    places: tuple[Place, ...] = ()
    panels: int = 0
    version: Any = None

    @property
    def changed(self) -> bool:
        """Whether any place reads another name than before."""
        return any(place.change.before != place.change.after for place in self.places)


def rewrite(text: str, names: Names, *, only_new: bool = False, project: str = "") -> Rewritten:
    """Let what reads a legacy name read the new one, too.

    Args:
        text: The specification, as the server has it.
        names: Which names change.
        only_new: Whether the new name takes the place of the old one everywhere.
        project: ``entity/project``; run sets of others are reported and stay as they are.

    Returns:
        The new specification and what was found.

    Raises:
        Lossy: It could not be written back as it is.

    Example:
        >>> spec = '{"viewType": "Bar Chart", "config": {"metrics": ["val_loss"]}}'
        >>> rewrite(spec, Names()).text
        '{"viewType":"Bar Chart","config":{"metrics":["val_loss","epoch/val_loss"]}}'
    """
    tree = parse(text)
    walk = _Walk(names, only_new, project)
    try:
        walk.object(tree, "settings", "")
        made = written(tree)
    except RecursionError:
        raise Lossy("it is nested too deeply to be read") from None
    return Rewritten(made, tuple(walk.places), walk.panels, tree.get("version"))


class _Walk:
    """One walk through a tree, which it changes."""

    def __init__(self, names: Names, only_new: bool, project: str) -> None:
        self.names = names
        self.only_new = only_new
        self.project = project
        self.places: list[Place] = []
        self.panels = 0

    def object(self, node: dict[str, Any], heading: str, role: str) -> None:
        """Walk an object; ``role`` tells what the keys in it are for."""
        if isinstance(node.get("viewType"), str):
            self._panel(node, heading)
            return
        if node.get("type") == "weave-panel":
            self._search(node, "Weave block")
            return
        key = node.get("key")
        if isinstance(key, dict) and _is_key(key):
            self._key(key, node, heading, role)
            return
        if _is_key(node):
            self._key(node, {}, heading, role)
            return
        names = self.names
        if "runFeed" in node or ("filters" in node and "sort" in node):
            heading = f"run set {_quoted(node.get('name'))}"
            if self._elsewhere(node.get("project")):
                heading += " of another project"
                self.names = Names(sure=False)
        elif isinstance(node.get("panels"), list) and isinstance(node.get("name"), str):
            heading = f"section {_quoted(node['name'])}"
        for name, value in list(node.items()):
            if name in OUTSIDE and self._field(node, name, OUTSIDE[name], heading):
                continue
            if name in ("panelConfigOverrides", "panelPlacementOverrides"):
                self._overrides(value)
            else:
                self._any(value, name, heading, _ROLES.get(name, role))
        self.names = names

    def _elsewhere(self, project: Any) -> bool:
        """Whether a run set is of another project, whose code may be as it was."""
        if not isinstance(project, dict) or not self.project or not project.get("name"):
            return False
        entity = project.get("entityName") or self.project.partition("/")[0]
        return f"{entity}/{project['name']}" != self.project

    def _any(self, value: Any, name: str, heading: str, role: str) -> None:
        if isinstance(value, dict):
            self.object(value, heading, role)
        elif isinstance(value, list):
            for item in value:
                self._any(item, name, heading, role)
        elif isinstance(value, str) and name not in PROSE and _PREFIXED.match(value):
            self._searched(heading, name, self.names.renaming(value))

    def _key(self, key: dict[str, Any], around: dict[str, Any], heading: str, role: str) -> None:
        """Edit what a filter, an order or a grouping goes by: it takes one name."""
        found = self.names.renaming(key["name"])
        if found is None:
            return
        rest = "".join(f" {around[part]}" for part in ("op", "value") if part in around)
        before = after = f"{key['section']}:{key['name']}{rest}"
        how = found.state
        if found.state == RENAMED:
            key["name"], how = found.new, NEW
            after = f"{key['section']}:{found.new}{rest}"
        self._note(heading, role or "key", Change(before, after, how, (found.old,)))

    def _field(self, node: dict[str, Any], name: str, how: str, heading: str) -> bool:
        """Edit a field of the table; tell whether it has the form that is expected."""
        if how == PATTERN and node.get("useMetricRegex") is False:
            return True
        edited = EDITORS[how](node[name], self.names, self.only_new)
        if edited is None:
            return False
        value, changes = edited
        if changes:
            node[name] = value
        for change in changes:
            self._note(heading, WORDS.get(name, name), change)
        return True

    # panels

    def _panel(self, node: dict[str, Any], section: str) -> None:
        self.panels += 1
        kind, config = node["viewType"], node.get("config")
        heading = f"{section.replace('section ', '')} / {_title(config)} ({kind})"
        table = PANELS.get(kind)
        if table is not None and isinstance(config, dict):
            self._config(config, table, heading)
        else:
            self._search(node, heading)

    def _config(self, config: dict[str, Any], table: dict[str, str], heading: str) -> None:
        for name in list(config):
            how = table.get(name)
            if how is None or not self._field(config, name, how, heading):
                self._unknown(config[name], name, heading)

    def _unknown(self, value: Any, name: str, heading: str) -> None:
        """Report what is not in the table when it is a legacy name and nothing else."""
        if isinstance(value, dict):
            for key, item in value.items():
                self._unknown(item, key, heading)
        elif isinstance(value, list):
            for item in value:
                self._unknown(item, name, heading)
        elif isinstance(value, str) and name not in PROSE:
            self._searched(heading, name, self.names.renaming(value))

    def _searched(self, heading: str, what: str, found: Renaming | None) -> None:
        if found is not None and found.state != DOUBTFUL:
            self._note(heading, what, Change(found.old, found.old, SEARCHED, (found.old,)))

    def _search(self, node: dict[str, Any], heading: str) -> None:
        """Report the names in a panel of a kind that is not understood."""
        found: dict[str, None] = {}
        for text in _texts(node):
            found.update(dict.fromkeys(self.names.mentioned(text)))
        if found:
            told = ", ".join(found)
            self._note(heading, "in its text", Change(told, told, SEARCHED, tuple(found)))

    def _overrides(self, overrides: Any) -> None:
        """Walk what the web app keeps of changes to panels: parts of their configurations."""
        table = {name: how for kind in PANELS.values() for name, how in kind.items()}
        for key, value in overrides.items() if isinstance(overrides, dict) else ():
            for name in self.names.mentioned(key):
                heading = f"changes to panel {key}"
                self._note(heading, "its name", Change(name, name, SEARCHED, (name,)))
            config = value.get("config", value) if isinstance(value, dict) else None
            if isinstance(config, dict):
                self._config(config, {**table, **PANELS[LINE_PLOT]}, f"changes to panel {key}")

    def _note(self, heading: str, what: str, change: Change) -> None:
        self.places.append(Place(heading, what, change))


def _is_key(node: dict[str, Any]) -> bool:
    return node.get("section") in _SECTIONS and isinstance(node.get("name"), str)


def _quoted(name: Any) -> str:
    return f'"{name}"' if isinstance(name, str) and name else "without a name"


def _title(config: Any) -> str:
    """Return what a panel is called: its title, or else what it shows."""
    if not isinstance(config, dict):
        return "panel"
    title = config.get("chartTitle")
    if isinstance(title, str) and title:
        return _quoted(title)
    shown = config.get("metrics") or config.get("mediaKeys")
    if isinstance(shown, list) and shown and all(isinstance(name, str) for name in shown):
        return " and ".join(shown[:2]) + (" ..." if len(shown) > 2 else "")
    return "panel"


def _texts(node: Any, name: str = "") -> Iterator[str]:
    """Yield the texts of a tree that may name metrics, keys included."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield key
            yield from _texts(value, key)
    elif isinstance(node, list):
        for item in node:
            yield from _texts(item, name)
    elif isinstance(node, str) and name not in ("chartTitle", "viewType", "__id__"):
        yield node
