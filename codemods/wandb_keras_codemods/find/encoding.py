"""Turn a source file's bytes into text and back without losing anything."""

from __future__ import annotations

import codecs
import io
import re
import tokenize
from typing import NamedTuple


class Undecodable(Exception):
    """The bytes are not text in the encoding that the file declares."""


class Text(NamedTuple):
    """A decoded file; line endings are as they were, a byte order mark stands in ``content``."""

    content: str
    encoding: str

    def encode(self, content: str) -> bytes:
        """Turn another content into bytes of the same encoding.

        Raises:
            Undecodable: The encoding has no such character.
        """
        try:
            return content.encode(self.encoding)
        except UnicodeEncodeError as error:
            raise Undecodable(f"cannot be written as {self.encoding}: {error.reason}") from None


def decode_python(data: bytes) -> Text:
    r"""Decode a Python source by its byte order mark or declaration.

    Raises:
        Undecodable: The encoding is unknown, or the bytes are not of that encoding.

    Example:
        >>> decode_python(b"# coding: latin-1\n# \xe9").content
        '# coding: latin-1\n# é'
    """
    # the declaration's own line may hold characters of the encoding it declares
    head = b"\n".join(re.split(rb"\r\n?|\n", data[:1000])[:2])
    mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    head = mark + re.sub(rb"[\x80-\xff]", b"?", head[len(mark) :])
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(head).readline)
    except SyntaxError as error:
        raise Undecodable(str(error)) from None
    return decode(data, "utf-8" if encoding == "utf-8-sig" else encoding)


def decode(data: bytes, encoding: str = "utf-8") -> Text:
    """Decode bytes of a known encoding.

    Raises:
        Undecodable: The bytes are not of that encoding.
    """
    try:
        text = Text(data.decode(encoding), encoding)
        if text.content.encode(encoding) != data:
            raise Undecodable(f"{encoding} does not give the same bytes back")
    except UnicodeDecodeError as error:
        raise Undecodable(
            f"not {encoding}: byte {error.start} is {data[error.start]:#04x}"
        ) from None
    except (UnicodeEncodeError, LookupError) as error:
        raise Undecodable(str(error)) from None
    return text
