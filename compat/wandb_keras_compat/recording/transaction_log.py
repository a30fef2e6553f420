"""Read the raw records of W&B's ``.wandb`` transaction log, whichever release wrote it."""

from __future__ import annotations

import struct
import zlib

# The format of LevelDB's log files after a header of seven bytes: blocks of 32 KiB, chunks with a
# header of checksum, length and kind; a record may span chunks, a chunk never spans blocks.
MAGIC = b":W&B"
FILE_HEADER = 7
BLOCK = 32768
CHUNK_HEADER = struct.Struct("<IHB")
FULL, FIRST, MIDDLE, LAST = 1, 2, 3, 4


class LogError(ValueError):
    """The file is no transaction log of W&B."""


def read_log(data: bytes) -> tuple[list[bytes], list[str]]:
    """Split the bytes of a transaction log into records.

    Args:
        data: Contents of the file.

    Returns:
        The records, and a sentence for each part that could not be read.

    Raises:
        LogError: If the data do not begin as a transaction log does.
    """
    if data[: len(MAGIC)] != MAGIC or len(data) < FILE_HEADER:
        raise LogError("it does not begin with the mark of a W&B transaction log (':W&B')")
    records: list[bytes] = []
    notes: list[str] = []
    open_record: list[bytes] = []
    position = FILE_HEADER
    while position < len(data):
        left_in_block = BLOCK - position % BLOCK
        if left_in_block < CHUNK_HEADER.size:
            position += left_in_block
            continue
        if position + CHUNK_HEADER.size > len(data):
            notes.append(f"the log ends in the middle of a record, at byte {position}")
            break
        checksum, length, kind = CHUNK_HEADER.unpack_from(data, position)
        if kind == 0 and length == 0:  # padding up to the end of the block
            position += left_in_block
            continue
        start = position + CHUNK_HEADER.size
        chunk = data[start : start + length]
        if len(chunk) < length and length <= left_in_block - CHUNK_HEADER.size:
            notes.append(f"the log ends in the middle of a record, at byte {position}")
            break
        if zlib.crc32(chunk, zlib.crc32(bytes([kind]))) != checksum:
            notes.append(
                f"the log is damaged at byte {position}; up to {left_in_block} bytes skipped"
            )
            open_record = []
            position += left_in_block
            continue
        position = start + length
        if kind in (FULL, FIRST):
            open_record = [chunk]
        elif open_record:
            open_record.append(chunk)
        else:
            continue  # the rest of a record whose beginning is damaged
        if kind in (FULL, LAST):
            records.append(b"".join(open_record))
            open_record = []
    return records, notes
