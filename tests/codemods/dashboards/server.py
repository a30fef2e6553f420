"""The loopback server of the online tests, with saved views, reports, sweeps and runs to list."""

# ruff: noqa: N802  # the names are those of GraphQL

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from online.server import ENTITY, NOW, Backend, Refused


@dataclass
class View:
    """A saved view or report."""

    id: str
    type: str
    name: str
    title: str
    spec: str
    description: str = ""

    def node(self) -> dict[str, Any]:
        project = {"id": "UHJvamVjdDox", "name": "p", "entityName": ENTITY}
        node = {"__typename": "View", "id": self.id, "type": self.type, "name": self.name}
        node.update(displayName=self.title, description=self.description, spec=self.spec)
        return {**node, "project": project, "createdAt": NOW, "updatedAt": NOW, "user": None}


class Dashboards(Backend):
    """One project with what the command ``dashboards`` reads and saves.

    The project is ``team/p``; all others do not exist.
    """

    def __init__(self) -> None:
        super().__init__()
        self.views: list[View] = []
        self.page = 100  # the most a page has, whatever is asked for
        self.read_only = False
        self.lost = 0  # so many views are saved without an answer
        self.stops: tuple[str, int] | None = None  # a pattern, and how many such are answered
        self.sweeps: list[dict[str, Any]] = []
        self.listed: list[dict[str, Any]] = []  # runs

    # what tests prepare and look at

    def add(self, type_: str, title: str, spec: Any, name: str | None = None) -> View:
        """Save a view as its owner would have."""
        text = spec if isinstance(spec, str) else json.dumps(spec)
        return self._save(type_, name or f"nw-{len(self.views):011}-v", title, text, "")

    def add_sweep(self, name: str, state: str, config: str, title: str | None = None) -> None:
        """Start a sweep, as ``wandb sweep`` would have."""
        node = {"__typename": "Sweep", "id": f"U3dlZXA6{name}", "name": name, "state": state}
        self.sweeps.append({**node, "displayName": title, "config": config})

    def add_run(self, summary: dict[str, Any], created: str = NOW) -> None:
        """Record a run."""
        name = f"run{len(self.listed)}"
        node = {"__typename": "Run", "id": f"UnVuOnYx{name}", "name": name, "displayName": name}
        node.update(dict.fromkeys(("sweepName", "group", "jobType", "commit", "description")))
        node.update(tags=[], state="finished", config="{}", readOnly=False, createdAt=created)
        node.update(heartbeatAt=created, notes=None, systemMetrics="{}", historyLineCount=1)
        node.update(user={"name": ENTITY, "username": ENTITY}, historyKeys=None, projectId="1")
        node.update(summaryMetrics=json.dumps(summary))
        self.listed.append(node)

    def all(self, type_: str) -> list[View]:
        return [view for view in self.views if view.type == type_]

    def state(self) -> list[str]:
        """All views as text, to compare."""
        return [json.dumps(view.__dict__, sort_keys=True) for view in self.views]

    def fault(self, request: str) -> int | None:
        """Return the status to fail a request with: for good, once it has had its number."""
        if self.stops and self.stops[0] in request:
            pattern, left = self.stops
            self.stops = pattern, max(left - 1, 0)
            return None if left else 500
        return super().fault(request)

    def _save(self, type_: str, name: str, title: str, spec: str, description: str) -> View:
        view = View(f"Vmlldzox{len(self.views):04}", type_, name, title, spec, description)
        self.views.append(view)
        return view

    # queries

    def project(self, args: dict[str, Any]) -> dict[str, Any] | None:
        if args.get("entityName", ENTITY) != ENTITY or args.get("name", "p") not in ("p", "other"):
            return None
        return {
            **super().project(args),
            "allViews": self._all_views,
            "sweeps": self._sweeps,
            "runCount": len(self.listed),
            "readOnly": False,
            "runs": self._runs,
        }

    def _runs(self, args: dict[str, Any]) -> dict[str, Any]:
        newest_first = args["order"].startswith("-")
        return paged(self.listed[:: -1 if newest_first else 1], args, self.page)

    def _all_views(self, args: dict[str, Any]) -> dict[str, Any]:
        found = [view.node() for view in self.all(args.get("viewType", "runs"))]
        return paged(found, args, self.page)

    def _sweeps(self, args: dict[str, Any]) -> dict[str, Any]:
        return paged(self.sweeps, args, self.page)

    def view(self, args: dict[str, Any]) -> dict[str, Any] | None:
        return next((view.node() for view in self.views if view.id == args["id"]), None)

    # mutations

    def upsertView(self, args: dict[str, Any]) -> dict[str, Any]:
        if self.read_only:
            raise Refused("permission denied")
        known = next((view for view in self.views if view.id == args.get("id")), None)
        if args.get("id") and known is None:
            raise Refused("there is no such view")
        if known is None:
            text = (args["type"], args["name"], args["displayName"], args["spec"])
            view = self._save(*text, args.get("description") or "")
            if self.lost:
                self.lost -= 1
                raise Refused("bad gateway", 502)
            return {"view": view.node(), "inserted": True}
        known.spec, known.title = args["spec"], args["displayName"]
        return {"view": known.node(), "inserted": False}

    def deleteView(self, args: dict[str, Any]) -> dict[str, Any]:
        kept = [view for view in self.views if view.id != args["id"]]
        success = len(kept) < len(self.views)
        self.views = kept
        return {"__typename": "DeleteView", "success": success, "pendingDrafts": False}


def paged(nodes: list[Any], args: dict[str, Any], most: int) -> dict[str, Any]:
    """Return one page of a connection."""
    start = int(args.get("after") or 0)
    end = start + min(int(args.get("first") or most), most)
    edges = [{"node": node, "cursor": str(i + 1)} for i, node in enumerate(nodes)][start:end]
    more = {"__typename": "PageInfo", "hasNextPage": end < len(nodes)}
    more["endCursor"] = edges[-1]["cursor"] if edges else None
    return {"edges": edges, "pageInfo": more, "totalCount": len(nodes)}
