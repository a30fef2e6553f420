"""Turn media logged to a run into plain values that are equal when the media are."""

from __future__ import annotations

import hashlib
import re
from typing import Any, Callable

from .folder import Folder, OutsideError
from .texts import load

# Where and how a value was stored, not what it is.
STORAGE = frozenset(
    {"path", "filenames", "sha256", "size", "artifact_path", "_latest_artifact_path", "log_mode"}
)
TABLES = frozenset({"table-file", "joined-table", "partitioned-table"})
GRAPH, IMAGES = "graph-file", "images/separated"
DIGEST, UNREAD, PIXELS = "sha256", "unread", "pixels"
# What media hold, as opposed to what the log says of them.
CONTENT: dict[str, frozenset[str]] = {
    GRAPH: frozenset({"format", "nodes", "edges"}),
    **dict.fromkeys(("image-file", IMAGES, "mask"), frozenset({PIXELS})),
    **dict.fromkeys(("bounding-boxes", "boxes2D"), frozenset({"boxes"})),
    **dict.fromkeys(TABLES, frozenset({"columns", "data"})),
}
_MOST_BINS = 100_000  # W&B allows 512
_MALFORMED = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


class Normaliser:
    """Replaces media by their contents, and what changes from run to run by a placeholder.

    A medium that cannot be read has ``"unread"``; ``"sha256"`` is what the log knows of it.

    Args:
        folder: The run's, where the media lie.
        run_id: Id of the run, or an empty string.
        notes: Gets a sentence for what is not read, but for files that are gone.
    """

    def __init__(self, folder: Folder, run_id: str, notes: list[str]) -> None:
        self._folder = folder
        self._run_id = run_id
        self._notes = notes
        self._resolvers: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
            "histogram": self._histogram,
            IMAGES: self._images,
            "image-file": self._image,
            "mask": self._image,
            "bounding-boxes": self._boxes,
            GRAPH: self._graph,
            "boxes2D": self._boxes,
        }
        self._resolvers.update(dict.fromkeys(TABLES, self._table))

    def text(self, text: str) -> str:
        """Return the text with run ids, content hashes and temporary names replaced."""
        if self._run_id:
            text = text.replace(self._run_id, "<RUN_ID>")
        text = re.sub(r"\bt_[0-9a-z]{8}\.", "t_<ID>.", text)
        return re.sub(r"(?<![0-9a-f])[0-9a-f]{20,}(?![0-9a-f])", "<HASH>", text)

    def value(self, value: Any) -> Any:
        """Return a logged value as a plain one."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.value(item) for item in value]
        if not isinstance(value, dict):
            return value
        kind = value.get("_type")
        if not isinstance(kind, str):
            return {key: self.value(item) for key, item in value.items()}
        resolve = self._resolvers.get(kind, self._other)
        try:
            return resolve(value)
        except _MALFORMED:
            self._notes.append(f"a value of the type {kind!r} is not what W&B writes")
            plain = {key: self.value(item) for key, item in value.items() if key != "_type"}
            return {"_type": kind, **plain, UNREAD: True}

    def _described(self, value: dict[str, Any]) -> dict[str, Any]:
        return {key: self.value(item) for key, item in value.items() if key not in STORAGE}

    def _other(self, value: dict[str, Any]) -> dict[str, Any]:
        """What lies in files and is known by its digest alone."""
        paths = value.get("filenames") or []
        digest = value.get(DIGEST) or ([_digest(path) for path in paths] if paths else None)
        known = all(digest) if isinstance(digest, list) else digest
        unread = {} if known or not ("path" in value or paths) else {UNREAD: True}
        return {**self._described(value), DIGEST: digest, **unread}

    def _histogram(self, value: dict[str, Any]) -> dict[str, Any]:
        bins, values = value.get("bins"), value.get("values")
        packed = value.get("packedBins")
        if bins is None and packed:
            if packed["count"] > _MOST_BINS:
                raise ValueError("no histogram has so many bins")
            bins = [packed["min"] + i * packed["size"] for i in range(packed["count"] + 1)]
        if not _numbers(bins) or not _numbers(values):
            raise ValueError("bins and values are numbers")
        return {"_type": "histogram", "bins": bins, "values": values}

    def _images(self, value: dict[str, Any]) -> dict[str, Any]:
        paths = value.get("filenames") or []
        if value.get("count", len(paths)) != len(paths):
            raise ValueError("each picture has a file")
        pixels = [self._pixels(path) for path in paths]
        read: dict[str, Any] = {PIXELS: pixels, DIGEST: [_digest(path) for path in paths]}
        return {**self._described(value), **read, **({UNREAD: True} if None in pixels else {})}

    def _image(self, value: dict[str, Any]) -> dict[str, Any]:
        pixels = self._pixels(value.get("path"))
        return self._content(value, None if pixels is None else {PIXELS: pixels})

    def _boxes(self, value: dict[str, Any]) -> dict[str, Any]:
        boxes = self._json(value.get("path"))
        return self._content(value, None if boxes is None else {"boxes": boxes})

    def _table(self, value: dict[str, Any]) -> dict[str, Any]:
        table = self._json(value.get("path"))
        if not isinstance(table, dict):
            return self._content(value, None)
        data = self.value(table.get("data"))
        return self._content(value, {"columns": table.get("columns"), "data": data})

    def _graph(self, value: dict[str, Any]) -> dict[str, Any]:
        graph = self._json(value.get("path"))
        if not isinstance(graph, dict):
            return self._content(value, None)
        names = {node.get("id"): node.get("name") for node in graph.get("nodes", [])}
        nodes = [
            {key: item for key, item in node.items() if key != "id"}
            for node in graph.get("nodes", [])
        ]
        edges = [[names.get(end, end) for end in edge] for edge in graph.get("edges", [])]
        content = {"format": graph.get("format"), "nodes": nodes, "edges": edges}
        return {"_type": GRAPH, **content, DIGEST: value.get(DIGEST)}

    def _content(self, value: dict[str, Any], content: dict[str, Any] | None) -> dict[str, Any]:
        read = {UNREAD: True} if content is None else content
        return {**self._described(value), **read, DIGEST: value.get(DIGEST)}

    def _stored(self, path: object) -> bytes | None:
        try:
            return self._folder.read(path)
        except OutsideError as error:
            self._notes.append(f"{error}; it is not read")
            return None

    def _json(self, path: object) -> Any:
        data = self._stored(path)
        try:
            return None if data is None else load(data)
        except ValueError as error:
            self._notes.append(f"{self.text(str(path))!r} is no JSON ({error})")
            return None

    def _pixels(self, path: object) -> str | None:
        """Return a digest of an image's pixels: a PNG's bytes depend on who compressed them."""
        data = self._stored(path)
        if data is None:
            return None
        try:
            import io
            import warnings

            from PIL import Image

            with warnings.catch_warnings(), Image.open(io.BytesIO(data)) as image:
                warnings.simplefilter("error")  # a picture that is too large to be one
                data = f"{image.mode} {image.size} ".encode() + image.tobytes()
        except Exception:  # no Pillow, or a format it cannot read
            pass
        return hashlib.sha256(data).hexdigest()[:16]


def _digest(path: str) -> str | None:
    """Return what W&B put of a content's hash into the name of its file."""
    found = re.search(r"_([0-9a-f]{20})\.[^/]*\Z", path)
    return found and found.group(1)


def _numbers(values: Any) -> bool:
    return isinstance(values, list) and all(
        isinstance(value, (int, float)) and not isinstance(value, bool) for value in values
    )
