"""Read the raw records of W&B's ``.wandb`` transaction log, whichever release wrote it."""

from __future__ import annotations

import struct
import zlib
from typing import BinaryIO, Iterator

# The format of LevelDB's log files after a header of seven bytes: blocks of 32 KiB, chunks with a
# header of checksum, length and kind; a record may span chunks, a chunk never spans blocks.
MAGIC = b":W&B"
FILE_HEADER = 7
BLOCK = 32768
CHUNK_HEADER = struct.Struct("<IHB")
FULL, FIRST, MIDDLE, LAST = 1, 2, 3, 4
_CHECKSUMS = {kind: zlib.crc32(bytes([kind])) for kind in range(256)}


class LogError(ValueError):
    """The file is no transaction log of W&B."""


def read_log(file: BinaryIO, notes: list[str]) -> Iterator[bytes]:
    """Yield the records of a transaction log, block by block.

    Args:
        file: The file, at its beginning.
        notes: Gets a sentence for each part that could not be read.

    Raises:
        LogError: If the file does not begin as a transaction log does.
    """
    head = file.read(FILE_HEADER)
    if head[: len(MAGIC)] != MAGIC or len(head) < FILE_HEADER:
        raise LogError("it does not begin with the mark of a W&B transaction log (':W&B')")
    unpack, header, crc32 = CHUNK_HEADER.unpack_from, CHUNK_HEADER.size, zlib.crc32
    begun: list[bytes] = []  # the chunks so far of a record that is not complete
    whole = True  # whether nothing is missing before the chunk that comes
    start = FILE_HEADER
    while True:
        block = file.read(BLOCK - start % BLOCK)
        ends = (start + len(block)) % BLOCK != 0 or not block
        position = 0
        while len(block) - position >= header:
            checksum, length, kind = unpack(block, position)
            if kind == FULL and whole and not begun:  # nearly all are
                after = position + header + length
                chunk = block[position + header : after]
                if after <= len(block) and crc32(chunk, _CHECKSUMS[FULL]) == checksum:
                    yield chunk
                    position = after
                    continue
            if kind == 0 and length == 0 and not any(block[position:]):
                position = len(block)  # padding up to the end of the block
                break
            data = position + header
            chunk = block[data : data + length]
            if len(chunk) < length and ends and data + length <= BLOCK - start % BLOCK:
                break
            if crc32(chunk, _CHECKSUMS[kind]) != checksum or not FULL <= kind <= LAST:
                skipped = len(block) - position
                notes.append(
                    f"the log is damaged at byte {start + position}; {skipped} bytes skipped"
                )
                begun, whole, position = [], False, len(block)
                break
            if whole and bool(begun) == (kind in (FULL, FIRST)):
                notes.append(f"a part of a record is missing before byte {start + position}")
            position = data + length
            if kind == FULL:
                yield chunk
                begun = []
            elif kind == FIRST:
                begun = [chunk]
            elif begun:
                begun.append(chunk)
                if kind == LAST:
                    yield b"".join(begun)
                    begun = []
            whole = bool(begun) or kind in (FULL, LAST)
        if ends:
            if position < len(block) or begun:
                notes.append(f"the log ends in the middle of a record, at byte {start + position}")
            return
        start += len(block)
