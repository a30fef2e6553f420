"""Transaction logs made for a test: records of W&B's own messages, framed as its format says."""

from __future__ import annotations

import json
import struct
import zlib
from pathlib import Path
from typing import Any, Iterable

from wandb_keras_compat.recording.transaction_log import BLOCK, CHUNK_HEADER


def framed(records: Iterable[bytes]) -> bytes:
    """Return a transaction log that holds these records."""
    data = bytearray(b":W&B\xe1\xbe\x00")
    for record in records:
        rest, first = record, True
        while True:
            left = BLOCK - len(data) % BLOCK
            if left < CHUNK_HEADER.size:
                data += b"\0" * left
                continue
            room = left - CHUNK_HEADER.size
            chunk, rest = rest[:room], rest[room:]
            kind = (1 if first else 4) if not rest else (2 if first else 3)
            # the kinds of LevelDB: 1 full, 2 first, 3 middle, 4 last
            data += struct.pack("<IHB", zlib.crc32(bytes([kind]) + chunk), len(chunk), kind) + chunk
            first = False
            if not rest:
                break
    return bytes(data)


def message(kind: str, **fields: Any) -> Any:
    """Return a Record of W&B's with one of its parts filled."""
    from wandb.proto import wandb_internal_pb2 as protocol

    record = protocol.Record()
    part = getattr(record, kind)
    part.SetInParent()
    for name, value in fields.items():
        setattr(part, name, value)
    return record


def row(values: dict[Any, Any], step: int | None = None, nested: bool = True) -> bytes:
    """Return a row's record; a tuple is a path of keys, a value of bytes its JSON text."""
    record = message("history")
    fill(record.history.item, values, nested)
    if step is not None:
        record.history.step.num = step
    return bytes(record.SerializeToString())


def summary(values: dict[Any, Any], remove: Iterable[str] = ()) -> bytes:
    """Return the record of a write to the summary."""
    record = message("summary")
    fill(record.summary.update, values, nested=True)
    for key in remove:
        record.summary.remove.add().key = key
    return bytes(record.SerializeToString())


def fill(items: Any, values: dict[Any, Any], nested: bool) -> None:
    for key, value in values.items():
        item = items.add()
        if isinstance(key, tuple) or nested:
            item.nested_key.extend(key if isinstance(key, tuple) else (key,))
        else:
            item.key = key
        item.value_json = value.decode() if isinstance(value, bytes) else json.dumps(value)


def run(config: dict[str, Any] | None = None, run_id: str = "abc") -> bytes:
    """Return the record of the run itself."""
    record = message("run", run_id=run_id, project="p", display_name="made")
    fill(record.run.config.update, config or {}, nested=False)
    return bytes(record.SerializeToString())


def end() -> bytes:
    """Return the record of a run that ended well."""
    return bytes(message("exit", exit_code=0).SerializeToString())


def write(folder: Path, records: Iterable[bytes]) -> Path:
    """Write a run of these records and return its folder."""
    (folder / "files").mkdir(parents=True, exist_ok=True)
    (folder / "run-abc.wandb").write_bytes(framed(records))
    return folder
