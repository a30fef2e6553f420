"""A W&B server on loopback, as far as a run with tables and models needs one.

It answers what wandb 0.19 to 0.31 ask: GraphQL, the file stream of a run, uploads and downloads.
What the client selects and nobody answers is kept in ``unanswered``, so that a test can tell.
"""

# ruff: noqa: N802, N815  # the names are those of GraphQL and http.server

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Callable
from urllib.parse import quote, unquote

import graphql

ENTITY = "team"
NOW = "2026-01-01T00:00:00Z"
_TYPES = {  # what clients up to 0.25 look up before they ask for it
    "Query": ["artifactCollection", "serverInfo", "viewer"],
    "Mutation": ["createRunFiles"],
    "ServerInfo": ["cliVersionInfo", "features"],
    "Project": ["artifact", "artifactCollectionMembership"],
    "Artifact": ["aliases", "tags", "historyStep", "ttlDurationSeconds", "ttlIsInherited"],
    "CreateArtifactInput": ["clientID", "sequenceClientID", "historyStep", "tags"],
    "CreateArtifactFileSpecInput": ["artifactManifestID"],
    "UseArtifactInput": ["artifactEntityName", "artifactProjectName", "usedAs"],
    "ArtifactCollectionMembership": ["files"],
}


class Refused(Exception):
    """What a server answers a request with that it understands and does not do.

    Args:
        message: What it says.
        status: Of HTTP; servers say most refusals with 200.
    """

    def __init__(self, message: str, status: int = 200) -> None:
        super().__init__(message)
        self.status = status


def _id(kind: str, number: int) -> str:
    """Return an id; clients write artifact ids into references, decoded from base64."""
    return base64.b64encode(f"{kind}:{number}".encode()).decode()


def _hex(digest: str) -> str:
    return base64.b64decode(digest).hex()


@dataclass
class Run:
    """One run as the server has it."""

    id: str
    name: str
    project: str
    display_name: str = ""
    config: dict[str, Any] = field(default_factory=dict)
    streams: dict[str, dict[int, str]] = field(default_factory=dict)  # file -> line -> text
    files: dict[str, bytes] = field(default_factory=dict)
    used: list[str] = field(default_factory=list)  # ids of artifacts
    complete: bool = False
    known: bool = False

    def lines(self, name: str) -> list[str]:
        return [text for _, text in sorted(self.streams.get(name, {}).items())]

    @property
    def history(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.lines("wandb-history.jsonl")]

    @property
    def summary(self) -> dict[str, Any]:
        lines = self.lines("wandb-summary.json")
        return json.loads(lines[-1]) if lines else {}


@dataclass
class Artifact:
    """One version of an artifact."""

    id: str
    name: str
    type: str
    project: str
    digest: str
    aliases: list[str]
    client_id: str | None
    metadata: str | None
    index: int = -1  # of the version, once committed
    manifest: str = ""  # where the manifest is stored
    manifest_id: str = ""

    @property
    def committed(self) -> bool:
        return self.index >= 0


class Backend:
    """Runs, artifacts and stored objects; the GraphQL fields are methods or dictionaries."""

    def __init__(self) -> None:
        self.url = ""
        self.runs: dict[str, Run] = {}
        self.artifacts: list[Artifact] = []
        self.objects: dict[str, bytes] = {}  # path below /storage/ -> content
        self.unanswered: list[str] = []
        self.requests: list[str] = []
        # by the pattern of a request, "METHOD path operation"
        self.faults: list[list[Any]] = []  # [pattern, status, how often]
        self.delays: list[tuple[str, float]] = []  # seconds until it is looked at
        self.outages: list[tuple[str, float]] = []  # seconds without a server, once
        self.down = False

    # what tests look at

    def versions(self, name: str) -> list[Artifact]:
        """Return the committed versions of an artifact, oldest first."""
        found = [a for a in self.artifacts if a.name == name and a.committed]
        return sorted(found, key=lambda artifact: artifact.index)

    def contents(self, artifact: Artifact) -> dict[str, dict[str, Any]]:
        """Return the entries of an artifact's manifest."""
        manifest = json.loads(self.objects.get(artifact.manifest, b"{}"))
        entries: dict[str, dict[str, Any]] = manifest.get("contents", {})
        return entries

    def content(self, artifact: Artifact, path: str) -> bytes:
        """Return the bytes of a file of an artifact."""
        return self.objects["objects/" + _hex(self.contents(artifact)[path]["digest"])]

    # nodes

    def _link(self, path: str) -> str:
        return f"{self.url}/storage/{quote(path)}"

    def _run(self, project: str | None, name: str) -> Run:
        number = len(self.runs)
        return self.runs.setdefault(name, Run(_id("Run", number), name, project or "p"))

    def _project_node(self, name: str) -> dict[str, Any]:
        return {
            "id": _id("Project", 1),
            "internalId": _id("Internal", 1),
            "name": name,
            "entity": {"id": _id("Entity", 1), "name": ENTITY},
            "entityName": ENTITY,
        }

    def _bucket(self, run: Run) -> dict[str, Any]:
        return {
            "id": run.id,
            "name": run.name,
            "displayName": run.display_name or run.name,
            "description": None,
            "notes": None,
            "config": json.dumps(run.config),
            "sweepName": None,
            "stopped": False,
            "tags": [],
            "project": self._project_node(run.project),
            "summaryMetrics": json.dumps(run.summary),
            "wandbConfig": json.dumps({"t": 1}),  # without it the run counts as not begun
            "historyTail": json.dumps(run.lines("wandb-history.jsonl")[-1:]),
            "eventsTail": json.dumps(run.lines("wandb-events.jsonl")[-1:]),
            "historyLineCount": len(run.lines("wandb-history.jsonl")),
            "eventsLineCount": len(run.lines("wandb-events.jsonl")),
            "logLineCount": len(run.lines("output.log")),
        }

    def _collection(self, artifact: Artifact) -> dict[str, Any]:
        versions = self.versions(artifact.name)
        kind = {"id": _id("ArtifactType", 1), "name": artifact.type}
        latest = versions[-1] if versions else None
        return {
            "__typename": "ArtifactSequence",
            "id": _id("Collection", 1),
            "name": artifact.name,
            "description": None,
            "createdAt": NOW,
            "updatedAt": None,
            "project": self._project_node(artifact.project),
            "type": kind,
            "defaultArtifactType": kind,
            "tags": {"edges": []},
            "latestArtifact": latest and {"id": latest.id, "versionIndex": latest.index},
        }

    def _aliases(self, artifact: Artifact) -> list[dict[str, Any]]:
        collection = self._collection(artifact)
        return [
            {
                "__typename": "ArtifactAlias",
                "id": _id("Alias", i),
                "alias": alias,
                "artifactCollectionName": artifact.name,
                "artifactCollection": collection,
            }
            for i, alias in enumerate([*artifact.aliases, f"v{artifact.index}"])
        ]

    def _files(self, artifact: Artifact, wanted: list[str] | None = None) -> dict[str, Any]:
        nodes = []
        for name, entry in self.contents(artifact).items():
            if wanted is None or name in wanted:
                path = "objects/" + _hex(entry["digest"])
                node = {"__typename": "File", "id": _id("File", len(nodes)), "name": name}
                node.update(displayName=name, storagePath=path, md5=entry["digest"])
                node.update(url=self._link(path), directUrl=self._link(path), mimetype=None)
                node.update(sizeBytes=entry.get("size", 0), digest=entry["digest"], updatedAt=NOW)
                nodes.append({"cursor": name, "node": node})
        pages = {"__typename": "PageInfo", "hasNextPage": False, "endCursor": None}
        return {"edges": nodes, "totalCount": len(nodes), "pageInfo": pages}

    def _node(self, artifact: Artifact | None) -> dict[str, Any] | None:
        if artifact is None:
            return None
        collection = self._collection(artifact)
        entries = self.contents(artifact)
        link = {"id": artifact.manifest_id, "directUrl": self._link(artifact.manifest)}
        return {
            "__typename": "Artifact",
            "id": artifact.id,
            "artifactSequence": collection,
            "versionIndex": max(artifact.index, 0),
            "artifactType": collection["type"],
            "description": None,
            "metadata": artifact.metadata,
            "ttlDurationSeconds": -2,
            "ttlIsInherited": True,
            "tags": [],
            "historyStep": None,
            "state": "COMMITTED" if artifact.committed else "PENDING",
            "size": sum(entry.get("size", 0) for entry in entries.values()),
            "digest": artifact.digest,
            "digestAlgorithm": "MANIFEST_MD5",
            "commitHash": "0",
            "fileCount": len(entries),
            "createdAt": NOW,
            "updatedAt": NOW,
            "aliases": self._aliases(artifact),
            "currentManifest": {"id": artifact.manifest_id, "file": link},
            "files": self._files(artifact),
            "filesByManifestEntries": lambda args: self._files(
                artifact, [entry["name"] for entry in args["entries"]]
            ),
            "artifactMemberships": {"edges": []},
        }

    def _membership(self, artifact: Artifact | None) -> dict[str, Any] | None:
        return artifact and {
            "__typename": "ArtifactCollectionMembership",
            "id": _id("Membership", artifact.index),
            "createdAt": NOW,
            "versionIndex": artifact.index,
            "aliases": self._aliases(artifact),
            "artifactCollection": self._collection(artifact),
            "artifact": self._node(artifact),
            "files": self._files(artifact),
        }

    def _by_name(self, name: str) -> Artifact | None:
        """Find ``[entity/project/]name[:alias]``."""
        name, _, alias = name.rpartition("/")[2].partition(":")
        for artifact in self.versions(name):
            if alias in (f"v{artifact.index}", artifact.id, artifact.client_id):
                return artifact
            if (alias or "latest") in artifact.aliases:
                return artifact
        return None

    def _by_id(self, id_: str) -> Artifact:
        return next(artifact for artifact in self.artifacts if artifact.id == id_)

    # queries

    def viewer(self, args: dict[str, Any]) -> dict[str, Any]:
        teams = {"edges": [{"node": {"name": ENTITY}}]}
        user = {"id": _id("User", 1), "entity": ENTITY, "username": ENTITY, "name": ENTITY}
        user.update(email="a@example.org", flags="{}", admin=False)
        return {**user, "teams": teams, "apiKeys": {"edges": []}}

    def entity(self, args: dict[str, Any]) -> dict[str, Any]:
        return {"name": ENTITY, "organization": None, "isTeam": False, "codeSavingEnabled": False}

    def serverInfo(self, args: dict[str, Any]) -> dict[str, Any]:
        latest = {
            "outOfDate": False,
            "latestVersionString": "1",
            "versionOnThisInstanceString": "1",
        }
        versions = {"max_cli_version": "99.0.0", "min_cli_version": "0.0.1"}
        return {"cliVersionInfo": versions, "latestLocalVersionInfo": latest, "features": []}

    def __type(self, args: dict[str, Any]) -> dict[str, Any]:
        names = _TYPES.get(args["name"], [])
        fields = [
            {"name": n, "args": [{"name": "enableTracking"}] if n == "artifact" else []}
            for n in names
        ]
        return {"name": args["name"], "fields": fields, "inputFields": fields}

    def model(self, args: dict[str, Any]) -> dict[str, Any]:
        def bucket(inner: dict[str, Any]) -> dict[str, Any] | None:
            run = self.runs.get(inner["name"])
            return self._bucket(run) if run and run.known else None

        return {**self._project_node(args["name"]), "bucket": bucket}

    def project(self, args: dict[str, Any]) -> dict[str, Any]:
        def kind(inner: dict[str, Any]) -> dict[str, Any] | None:
            found = self._by_name(args_name(inner))
            return found and {"name": found.type, "artifact": self._node(found)}

        def args_name(inner: dict[str, Any]) -> str:
            return str(inner.get("name") or inner.get("artifactName"))

        def collection(inner: dict[str, Any]) -> dict[str, Any] | None:
            found = self.versions(args_name(inner))
            if not found:
                return None

            def member(innermost: dict[str, Any]) -> dict[str, Any] | None:
                alias = innermost.get("aliasName") or innermost.get("alias") or "latest"
                return self._membership(self._by_name(f"{args_name(inner)}:{alias}"))

            return {**self._collection(found[-1]), "artifactMembership": member}

        return {
            **self._project_node(args.get("name") or "p"),
            "artifact": lambda inner: self._node(self._by_name(args_name(inner))),
            "artifactType": lambda inner: (
                {
                    "name": inner["name"],
                    "artifact": lambda i: self._node(self._by_name(args_name(i))),
                }
                if not self._by_name(args_name(inner))
                else kind(inner)
            ),
            "artifactCollection": collection,
            "artifactCollectionMembership": lambda inner: self._membership(
                self._by_name(args_name(inner))
            ),
            "run": lambda inner: self._bucket(self._run(None, inner["name"])),
        }

    def artifact(self, args: dict[str, Any]) -> dict[str, Any] | None:
        return self._node(self._by_id(args["id"]))

    def clientIDMapping(self, args: dict[str, Any]) -> dict[str, Any] | None:
        for found in self.artifacts:
            if found.client_id == args["clientID"]:
                return {"serverID": found.id}
        return None

    # mutations

    def upsertBucket(self, args: dict[str, Any]) -> dict[str, Any]:
        known = next((r for r in self.runs.values() if r.id == args.get("id")), None)
        run = known or self._run(args.get("modelName"), args["name"])
        run.display_name = args.get("displayName") or run.display_name
        if args.get("config"):
            run.config = json.loads(args["config"])
        inserted, run.known = not run.known, True
        return {"bucket": self._bucket(run), "inserted": inserted}

    def createRunFiles(self, args: dict[str, Any]) -> dict[str, Any]:
        run = self._run(args["projectName"], args["runName"])
        files = [{"name": f, "uploadUrl": self._link(f"run/{run.name}/{f}")} for f in args["files"]]
        return {"runID": run.id, "uploadHeaders": [], "files": files}

    def createArtifact(self, args: dict[str, Any]) -> dict[str, Any]:
        name = args.get("artifactCollectionName") or args["artifactCollectionNames"][0]
        versions = self.versions(name)
        aliases = [alias["alias"] for alias in args.get("aliases") or []]
        if versions and versions[-1].digest == args["digest"]:
            artifact = versions[-1]  # the same contents are no new version
            self._move_aliases(artifact, aliases)
        else:
            artifact = Artifact(
                id=_id("Artifact", len(self.artifacts)),
                name=name,
                type=args["artifactTypeName"],
                project=args["projectName"],
                digest=args["digest"],
                aliases=aliases,
                client_id=args.get("clientID"),
                metadata=args.get("metadata"),
            )
            self.artifacts.append(artifact)
        return {"artifact": self._node(artifact)}

    def _move_aliases(self, artifact: Artifact, aliases: list[str]) -> None:
        for other in self.versions(artifact.name):
            other.aliases = [alias for alias in other.aliases if alias not in aliases]
        artifact.aliases = list(dict.fromkeys([*artifact.aliases, *aliases]))

    def createArtifactManifest(self, args: dict[str, Any]) -> dict[str, Any]:
        artifact = self._by_id(args["artifactID"])
        artifact.manifest_id = _id("Manifest", len(self.artifacts))
        artifact.manifest = f"manifests/{_hex(artifact.id)}.json"
        file = {"id": artifact.manifest_id, "name": "wandb_manifest.json", "uploadHeaders": []}
        file.update(displayName="wandb_manifest.json", uploadUrl=self._link(artifact.manifest))
        return {"artifactManifest": {"id": artifact.manifest_id, "file": file}}

    def createArtifactFiles(self, args: dict[str, Any]) -> dict[str, Any]:
        edges = []
        for wanted in args["artifactFiles"]:
            path = "objects/" + _hex(wanted["md5"])
            link = None if path in self.objects else self._link(path)
            node = {"id": _id("File", len(edges)), "name": wanted["name"], "storagePath": path}
            node.update(displayName=wanted["name"], artifact={"id": wanted["artifactID"]})
            node.update(uploadUrl=link, uploadHeaders=[], uploadMultipartUrls=None)
            edges.append({"node": node})
        return {"files": {"edges": edges}}

    def commitArtifact(self, args: dict[str, Any]) -> dict[str, Any]:
        artifact = self._by_id(args["artifactID"])
        for name, entry in self.contents(artifact).items():
            if "ref" not in entry and "objects/" + _hex(entry["digest"]) not in self.objects:
                raise ValueError(f"{artifact.name}: {name} was not uploaded")
        artifact.index = len(self.versions(artifact.name))
        self._move_aliases(artifact, ["latest", *artifact.aliases])
        return {"artifact": self._node(artifact)}

    def useArtifact(self, args: dict[str, Any]) -> dict[str, Any]:
        self._run(args["projectName"], args["runName"]).used.append(args["artifactID"])
        return {"artifact": self._node(self._by_id(args["artifactID"]))}

    # GraphQL

    def answer(self, query: str, variables: dict[str, Any]) -> dict[str, Any]:
        """Execute a document; what is selected and not there stands in ``unanswered``."""
        document = graphql.parse(query, no_location=True)
        operation = next(
            d for d in document.definitions if isinstance(d, graphql.OperationDefinitionNode)
        )
        fragments = {
            d.name.value: d
            for d in document.definitions
            if isinstance(d, graphql.FragmentDefinitionNode)
        }
        path = operation.name.value if operation.name else "query"

        def select(selections: Any, value: Any, path: str) -> Any:
            if isinstance(value, list):
                return [select(selections, item, path) for item in value]
            if value is None or selections is None:
                return value
            chosen: dict[str, Any] = {}
            for node in selections.selections:
                if isinstance(node, graphql.FieldNode):
                    pairs = field_of(node, value, path)
                else:
                    spread = isinstance(node, graphql.FragmentSpreadNode)
                    inner = fragments[node.name.value] if spread else node
                    condition = inner.type_condition and inner.type_condition.name.value
                    kinds = (value.get("__typename"), "ArtifactCollection", "RunInfo")
                    if not spread and condition and condition not in kinds:
                        continue
                    pairs = select(inner.selection_set, value, path)
                for key, item in pairs.items():
                    old = chosen.get(key)
                    both = isinstance(old, dict) and isinstance(item, dict)
                    chosen[key] = {**old, **item} if both else item
            return chosen

        def field_of(node: Any, value: Any, path: str) -> dict[str, Any]:
            name = node.name.value
            for directive in node.directives or ():
                wanted = graphql.value_from_ast_untyped(directive.arguments[0].value, variables)
                if bool(wanted) != (directive.name.value == "include"):
                    return {}
            found = getattr(self, _METHODS.get(name, name), None) if value is self else None
            if value is not self and name in value:
                found = value[name]
            elif found is None:
                self.unanswered.append(f"{path}.{name}")
                if value is self:
                    raise ValueError(f"Cannot query field {name!r}")
                return {}
            if callable(found):
                args = {
                    a.name.value: graphql.value_from_ast_untyped(a.value, variables)
                    for a in node.arguments or ()
                }
                args.update(args.get("input") or {})
                known = {k: v for k, v in args.items() if v is not graphql.Undefined}
                found = found(known)
            key = node.alias.value if node.alias else name
            return {key: select(node.selection_set, found, f"{path}.{name}")}

        selected: dict[str, Any] = select(operation.selection_set, self, path)
        return selected

    # the rest of HTTP

    def stream(self, name: str, sent: dict[str, Any]) -> None:
        """Take lines of a run's history, summary and output."""
        run = self.runs[name]
        for file, part in (sent.get("files") or {}).items():
            lines = run.streams.setdefault(file, {})
            lines.update({part["offset"] + i: line for i, line in enumerate(part["content"])})
        run.complete |= bool(sent.get("complete"))

    def put(self, path: str, content: bytes) -> None:
        """Store an upload; what is stored by its digest has to have it."""
        kind, _, rest = path.partition("/")
        if kind == "objects" and hashlib.md5(content).hexdigest() != rest:
            raise ValueError(f"{path}: the content has another digest")
        if kind == "run":
            name, _, file = rest.partition("/")
            self.runs[name].files[file] = content
        self.objects[path] = content

    def fault(self, request: str) -> int | None:
        """Return the status to fail this request with, if any."""
        for found in self.faults:
            pattern, status, times = found
            if times and re.search(pattern, request):
                found[2] -= 1
                return int(status)
        return None

    def wait(self, request: str) -> None:
        """Let this request wait as long as it is to."""
        time.sleep(sum(seconds for pattern, seconds in self.delays if re.search(pattern, request)))

    def outage(self, request: str) -> float | None:
        """Return for how many seconds the server ends with this request, if it does."""
        for found in self.outages:
            if re.search(found[0], request):
                self.outages.remove(found)
                return found[1]
        return None


_METHODS = {"__type": "_Backend__type"}  # as Python mangles it


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    backend: Backend
    lock: Any
    restart: Callable[[float], None]

    def log_message(self, *args: Any) -> None:
        """Keep the terminal quiet."""

    def _body(self) -> bytes:
        if "chunked" in self.headers.get("Transfer-Encoding", ""):
            chunks = []
            while True:
                size = int(self.rfile.readline().split(b";")[0], 16)
                chunks.append(self.rfile.read(size))
                self.rfile.readline()
                if not size:
                    break
            body = b"".join(chunks)
        else:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        gzipped = self.headers.get("Content-Encoding") == "gzip"
        return gzip.decompress(body) if gzipped else body

    def _reply(self, status: int, content: Any) -> None:
        raw = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def _handle(self) -> None:
        body, path = self._body(), unquote(self.path.partition("?")[0])
        sent = json.loads(body) if path == "/graphql" or path.endswith("/file_stream") else {}
        name = re.search(r"\b(?:query|mutation) (\w+)", sent.get("query", ""))
        request = f"{self.command} {path} {name.group(1) if name else ''}".strip()
        self.backend.wait(request)
        with self.lock:
            outage = self.backend.outage(request)
            if outage is not None:
                self.backend.down = True
                threading.Thread(target=self.restart, args=(outage,), daemon=True).start()
            if self.backend.down:
                self.close_connection = True
            else:
                self._reply(*self._answer(request, path, sent, body))

    def _answer(self, request: str, path: str, sent: Any, body: bytes) -> tuple[int, Any]:
        """Never a 5xx of our own: the client would try again for days."""
        backend = self.backend
        backend.requests.append(request)
        status = backend.fault(request)
        if status is not None:
            return status, {"error": "asked for by the test"}
        try:
            if path == "/graphql":
                return 200, {"data": backend.answer(sent["query"], sent.get("variables") or {})}
            if path.endswith("/file_stream"):
                backend.stream(path.split("/")[-2], sent)
                return 200, {"exitcode": None, "limits": {}}
            stored = path.partition("/storage/")[2]
            if self.command == "PUT":
                backend.put(stored, body)
                return 200, b""
            digest = re.search(r"/([0-9a-f]{32})/", path)
            stored = f"objects/{digest.group(1)}" if digest and not stored else stored
            if stored in backend.objects:
                return 200, backend.objects[stored]
        except Refused as error:
            return error.status, {"data": None, "errors": [{"message": str(error)}]}
        except Exception as error:  # a defect of this server or a request it does not know
            backend.unanswered.append(f"{request}: {error!r}")
            if path == "/graphql":
                return 200, {"data": None, "errors": [{"message": str(error)}]}
            return 400, {"error": str(error)}
        return 404, {"error": request}

    do_GET = do_POST = do_PUT = _handle


class Server:
    """Serves a backend on a free port of loopback: ``with Server() as backend: ...``."""

    def __init__(self, backend: Backend | None = None) -> None:
        self._backend = backend or Backend()
        names = {"backend": self._backend, "lock": threading.RLock()}
        self._handler = type("Handler", (_Handler,), {**names, "restart": self._restart})
        self._open(0)

    def _open(self, port: int) -> None:
        self._http = ThreadingHTTPServer(("127.0.0.1", port), self._handler)
        self._http.daemon_threads = True
        self._backend.url = f"http://127.0.0.1:{self._http.server_address[1]}"
        threading.Thread(target=self._http.serve_forever, daemon=True).start()

    def _close(self) -> None:
        self._http.shutdown()
        self._http.server_close()

    def _restart(self, seconds: float) -> None:
        """End, and start again on the same port; what was stored is kept."""
        self._close()
        time.sleep(seconds)
        self._backend.down = False
        self._open(self._http.server_address[1])

    def __enter__(self) -> Backend:
        return self._backend

    def __exit__(self, *exc: object) -> None:
        self._close()
