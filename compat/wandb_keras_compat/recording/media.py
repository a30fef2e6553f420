"""Turn media logged to a run into plain values that are equal when the media are."""

from __future__ import annotations

import hashlib
import json
import os
import re
from typing import Any, Callable

# Where and how a value was stored, not what it is.
STORAGE = frozenset(
    {"path", "filenames", "sha256", "size", "artifact_path", "_latest_artifact_path", "log_mode"}
)
TABLES = frozenset({"table-file", "joined-table", "partitioned-table"})


class Normaliser:
    """Replaces media by their contents, and what changes from run to run by a placeholder.

    Args:
        files: Directory of the run's files, where the media lie.
        run_id: Id of the run, or an empty string.
    """

    def __init__(self, files: str, run_id: str) -> None:
        self._files = files
        self._run_id = run_id
        self._resolvers: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
            "histogram": self._histogram,
            "images/separated": self._images,
            "image-file": self._image,
            "mask": self._image,
            "bounding-boxes": self._boxes,
            "graph-file": self._graph,
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
        resolve = self._resolvers.get(kind) if isinstance(kind, str) else None
        if resolve is not None:
            return resolve(value)
        if isinstance(kind, str):
            return {**self._described(value), "sha256": value.get("sha256")}
        return {key: self.value(item) for key, item in value.items()}

    def _described(self, value: dict[str, Any]) -> dict[str, Any]:
        return {key: self.value(item) for key, item in value.items() if key not in STORAGE}

    def _histogram(self, value: dict[str, Any]) -> dict[str, Any]:
        bins = value.get("bins")
        packed = value.get("packedBins")
        if bins is None and packed:
            bins = [packed["min"] + i * packed["size"] for i in range(int(packed["count"]) + 1)]
        return {"_type": "histogram", "bins": bins, "values": value.get("values")}

    def _images(self, value: dict[str, Any]) -> dict[str, Any]:
        paths = value.get("filenames") or []
        return {**self._described(value), "pixels": [self._pixels(path) for path in paths]}

    def _image(self, value: dict[str, Any]) -> dict[str, Any]:
        return {**self._described(value), "pixels": self._pixels(value.get("path"))}

    def _boxes(self, value: dict[str, Any]) -> dict[str, Any]:
        return {**self._described(value), "boxes": self._json(value.get("path"))}

    def _table(self, value: dict[str, Any]) -> dict[str, Any]:
        table = self._json(value.get("path"))
        described = self._described(value)
        if isinstance(table, dict):
            described["columns"] = table.get("columns")
            described["data"] = self.value(table.get("data"))
        return described

    def _graph(self, value: dict[str, Any]) -> dict[str, Any]:
        graph = self._json(value.get("path"))
        if not isinstance(graph, dict):
            return self._described(value)
        names = {node.get("id"): node.get("name") for node in graph.get("nodes", [])}
        nodes = [
            {key: item for key, item in node.items() if key != "id"}
            for node in graph.get("nodes", [])
        ]
        edges = [[names.get(end, end) for end in edge] for edge in graph.get("edges", [])]
        return {
            "_type": "graph-file",
            "format": graph.get("format"),
            "nodes": nodes,
            "edges": edges,
        }

    def _stored(self, path: str | None) -> bytes | None:
        if not path:
            return None
        try:
            with open(os.path.join(self._files, path), "rb") as file:
                return file.read()
        except OSError:
            return None

    def _json(self, path: str | None) -> Any:
        data = self._stored(path)
        try:
            return None if data is None else json.loads(data.decode("utf-8"))
        except ValueError:
            return None

    def _pixels(self, path: str | None) -> str | None:
        """Return a digest of an image's pixels: a PNG's bytes depend on who compressed them."""
        data = self._stored(path)
        if data is None:
            return None
        try:
            import io

            from PIL import Image

            with Image.open(io.BytesIO(data)) as image:
                data = f"{image.mode} {image.size} ".encode() + image.tobytes()
        except Exception:  # no Pillow, or a format it cannot read
            pass
        return hashlib.sha256(data).hexdigest()[:16]
