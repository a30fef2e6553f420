"""What is asked of a W&B server and saved there, through W&B's own client and wandb-workspaces.

The client finds the account, keeps the credentials and tries again when the server is busy.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Iterator

VIEW, REPORT, DRAFT = "project-view", "runs", "runs/draft"  # types of views, as the server has them
_PAGE = 100
_TIMEOUT = 60  # seconds for one request, with what the client tries again within it
_BUSY = "did not respond in time"  # what the client says after that
_NO_RIGHTS = ("permission", "denied", "forbidden", "unauthorized")  # as servers say it
_LIST = """
query SavedViews($entity: String!, $project: String!, $type: String, $first: Int!, $after: String) {
  project(name: $project, entityName: $entity) {
    allViews(viewType: $type, first: $first, after: $after) {
      edges { node { id name displayName } }
      pageInfo { hasNextPage endCursor }
    }
  }
}
"""
_SWEEPS = """
query ProjectSweeps($entity: String!, $project: String!, $first: Int!, $after: String) {
  project(name: $project, entityName: $entity) {
    sweeps(first: $first, after: $after) {
      edges { node { id name displayName state config } }
      pageInfo { hasNextPage endCursor }
    }
  }
}
"""
_READ = """
query SavedView($id: ID!) {
  view(id: $id) { id name displayName description spec }
}
"""


class Unreachable(Exception):
    """Something that the server or the account does not allow; its text says what to do."""


class Denied(Unreachable):
    """The account has not the rights for one request; others may succeed."""


@dataclass(frozen=True)
class Saved:
    """A saved view or report, as the list of a project has it.

    Args:
        type: ``VIEW``, ``REPORT`` or ``DRAFT``.
        id: What the server calls it.
        name: Its name in addresses, such as ``"nw-abcdefghijk-v"``.
        title: Its name for people.
    """

    type: str
    id: str
    name: str
    title: str


class Project:
    """A project on the server.

    Args:
        entity: The user or team.
        name: The project.

    Raises:
        Unreachable: There is no account, or the server does not take it.
    """

    def __init__(self, entity: str, name: str) -> None:
        import wandb

        self.entity, self.name = entity, name
        with _explained(self.path):
            self.api = wandb.Api(timeout=_TIMEOUT)

    @property
    def path(self) -> str:
        """``entity/project``."""
        return f"{self.entity}/{self.name}"

    def list(self, type_: str) -> Iterator[Saved]:
        """Yield the saved views of a type, page by page and without what they show.

        Raises:
            Unreachable: There is no such project, or the server does not answer.
        """
        for node in self._nodes(_LIST, "allViews", type=type_):
            title = node["displayName"] or node["name"]
            yield Saved(type_, node["id"], node["name"] or "", title)

    def sweeps(self) -> Iterator[dict[str, Any]]:
        """Yield the sweeps: ``name``, ``displayName``, ``state`` and ``config``, a text of YAML.

        Raises:
            Unreachable: There is no such project, or the server does not answer.
        """
        return self._nodes(_SWEEPS, "sweeps")

    def runs(self, order: str, per_page: int) -> tuple[int, Iterator[Any]]:
        """Return how many runs there are, and an iterator over them with their summaries.

        Raises:
            Unreachable: There is no such project, or the server does not answer.
        """
        with _explained(self.path):
            found = self.api.runs(self.path, order=order, per_page=per_page, lazy=False)
            total = len(found)
        return total, self._explaining(iter(found))

    def _explaining(self, items: Iterator[Any]) -> Iterator[Any]:
        while True:
            with _explained(self.path):
                try:
                    item = next(items)
                except StopIteration:
                    return
            yield item

    def _nodes(self, query: str, field: str, **more: str) -> Iterator[dict[str, Any]]:
        """Yield what a project has, page by page."""
        place = {"entity": self.entity, "project": self.name, "first": _PAGE, **more}
        after = None
        while True:
            found = self._ask(query, {**place, "after": after})["project"]
            if found is None:
                raise Unreachable(
                    f"there is no project {self.path} that this account can see; check the name "
                    "and who is logged in (wandb login --verify)"
                )
            for edge in found[field]["edges"]:
                yield edge["node"]
            page = found[field]["pageInfo"]
            after = page["endCursor"]
            if not page["hasNextPage"] or not after:
                return

    def read(self, saved: Saved) -> dict[str, Any] | None:
        """Return a saved view with its ``spec``; None when it has gone in the meantime."""
        view: dict[str, Any] | None = self._ask(_READ, {"id": saved.id})["view"]
        return view

    def save(self, type_: str, name: str, title: str, description: str, spec: str) -> str:
        """Save a new view, and return its id; none is ever overwritten.

        Raises:
            Denied: The account may not save in this project.
            Unreachable: The server does not answer.
        """
        from wandb_workspaces.reports.v2.gql import upsert_view

        made = self._ask(
            upsert_view,
            {
                "entityName": self.entity,
                "projectName": self.name,
                "type": type_,
                "name": name,
                "displayName": title,
                "description": description,
                "spec": spec,
            },
        )
        return str(made["upsertView"]["view"]["id"])

    def delete(self, id_: str) -> None:
        """Delete a view.

        Raises:
            Denied: The account may not.
            Unreachable: The server does not answer.
        """
        from wandb_workspaces.reports.v2.gql import delete_view

        self._ask(delete_view, {"id": id_, "deleteDrafts": False})

    def refusal(self, type_: str, version: Any) -> str | None:
        """Say why a specification of a version cannot be saved; None when it can.

        The versions are those that the installed wandb-workspaces reads and writes.
        """
        from wandb_workspaces.reports.v2.internal import Spec
        from wandb_workspaces.workspaces.internal import CLIENT_SPEC_VERSION

        known = CLIENT_SPEC_VERSION if type_ == VIEW else Spec().version
        if version is None or (isinstance(version, int) and version <= known):
            return None
        return f"its format is version {version}, and wandb-workspaces knows {known}"

    def _ask(self, query: str, variables: dict[str, Any]) -> dict[str, Any]:
        from wandb_workspaces._graphql import execute_graphql

        with _explained(self.path):
            answer: dict[str, Any] = execute_graphql(self.api, query, variables)
        return answer


@contextmanager
def _explained(path: str) -> Iterator[None]:
    """Turn what the client raises into one sentence that says what to do."""
    import wandb
    from wandb.errors import AuthenticationError, UsageError
    from wandb.sdk.lib.service.service_connection import WandbApiFailedError

    try:
        yield
    except AuthenticationError as error:
        if _BUSY in str(error):
            raise _unreachable(error, path) from error
        raise Unreachable(f"the server does not take the account's key: {_line(error)}") from error
    except UsageError as error:
        raise Unreachable("no account: log in with wandb login, or set WANDB_API_KEY") from error
    except (WandbApiFailedError, wandb.Error) as error:
        raise _unreachable(error, path) from error


def _unreachable(error: Exception, path: str) -> Unreachable:
    found: Any = error
    response = getattr(found, "response", None) or getattr(
        getattr(found, "exc", None), "response", None
    )
    status = getattr(response, "http_status", 0) or 0
    text = _line(error)
    if status == 429:
        return Unreachable(f"the server's rate limit holds on; run it again later ({text})")
    if _BUSY in text:
        return Unreachable(
            f"the server did not answer for {_TIMEOUT} s, though it was asked again and again: it "
            "is down, or its rate limit holds on. Run it again later; what is saved is found again"
        )
    if status in (401, 403) or any(word in text.lower() for word in _NO_RIGHTS):
        return Denied(f"the account may not do this in {path}: {text}")
    return Unreachable(f"the server does not answer as it should; run it again ({text})")


def _line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
