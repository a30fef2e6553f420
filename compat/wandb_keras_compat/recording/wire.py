"""Read protobuf messages by the numbers of their fields; W&B's own classes take long to import."""

from __future__ import annotations

import struct
from typing import Any, Dict, Iterator, Tuple, Union

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
_FIXED = {FIXED64: 8, FIXED32: 4}
_LIMIT = 70  # bits that a varint of ten bytes can hold

# How a field's value is understood; a dictionary is the message it holds, a tuple of one: repeated.
TEXT, RAW, NUMBER, SIGNED, DOUBLE = "text", "raw", "number", "signed", "double"
Kind = Union[str, Tuple[Any, ...], "Fields"]
Fields = Dict[int, Tuple[str, Kind]]
_DEFAULTS: dict[str, Any] = {TEXT: "", RAW: b"", NUMBER: 0, SIGNED: 0, DOUBLE: 0.0}


class WireError(ValueError):
    """The bytes are no message."""


def read(data: bytes, fields: Fields) -> dict[str, Any]:
    r"""Return the values of a message's fields by name; those that are not there are empty.

    Args:
        data: The message.
        fields: Number of each field that is read -> name and kind.

    Raises:
        WireError: If the bytes are no such message.

    Example:
        >>> read(b"\x0a\x03abc\x10\x05", {1: ("name", TEXT), 2: ("size", NUMBER)})
        {'name': 'abc', 'size': 5}
    """
    found: dict[str, Any] = {name: _empty(kind) for name, kind in fields.values()}
    for number, value in split(data):
        name, kind = fields.get(number, ("", ""))
        if isinstance(kind, tuple):
            found[name].append(_understood(value, kind[0]))
        elif name:
            found[name] = _understood(value, kind)
    return found


def split(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Yield the number and the value of each field of a message.

    Raises:
        WireError: If the bytes are no message.
    """
    position, end = 0, len(data)
    while position < end:
        tag, position = data[position], position + 1
        if tag > 127:
            tag, position = varint(data, position - 1)
        number, form = tag >> 3, tag & 7
        if not number:
            raise WireError("a field has the number 0")
        if form == VARINT:
            value, position = varint(data, position)
            yield number, value
            continue
        if form == BYTES:
            size = data[position] if position < end else 128
            position += 1
            if size > 127:
                size, position = varint(data, position - 1)
        elif form in _FIXED:
            size = _FIXED[form]
        else:
            raise WireError(f"a field has the form {form}")
        after = position + size
        if after > end:
            raise WireError("a field is longer than its message")
        yield number, data[position:after]
        position = after


def varint(data: bytes, position: int) -> tuple[int, int]:
    """Return the number that begins at a position, and the position after it.

    Raises:
        WireError: If there is none.
    """
    number = shift = 0
    for after in range(position + 1, len(data) + 1):
        byte = data[after - 1]
        number |= (byte & 127) << shift
        if byte < 128:
            return number & 0xFFFFFFFFFFFFFFFF, after
        shift += 7
        if shift >= _LIMIT:
            break
    raise WireError("a number does not end")


def _empty(kind: Kind) -> Any:
    if isinstance(kind, tuple):
        return []
    return read(b"", kind) if isinstance(kind, dict) else _DEFAULTS[kind]


def _understood(value: int | bytes, kind: Kind) -> Any:
    if kind == NUMBER and isinstance(value, int):
        return value - (1 << 64) if value >> 63 else value
    if kind == SIGNED and isinstance(value, int):
        return (value >> 1) ^ -(value & 1)
    if isinstance(value, bytes):
        if isinstance(kind, dict):
            return read(value, kind)
        if kind == RAW:
            return value
        if kind == DOUBLE and len(value) == _FIXED[FIXED64]:
            return struct.unpack("<d", value)[0]
        if kind == TEXT:
            try:
                return value.decode("utf-8")
            except UnicodeDecodeError:
                raise WireError("a text is not UTF-8") from None
    raise WireError("a field is of another kind")
