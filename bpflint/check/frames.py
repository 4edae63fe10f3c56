"""Which answers are in what an agent wrote? Framed lines among kernel messages, garbage and floods.

A frame is `@BL <crc32, 8 hex digits> <length> <base64 of JSON>` on a line of its own; what does not add up is no frame.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import zlib
from collections import deque
from typing import Any

Facts = dict[str, Any]

_FRAME = re.compile(rb"@BL ([0-9a-f]{8}) (\d{1,8}) ([A-Za-z0-9+/=]+)\s*$")
_LONGEST = 4 << 20
_MOST = 64 << 20
_LINES = 20


class Frames:
    """Takes bytes as they come and gives the answers in them; keeps the last console lines for a failed boot."""

    def __init__(self) -> None:
        self._rest = b""
        self._total = 0
        self._console: deque[str] = deque(maxlen=_LINES)

    @property
    def flooded(self) -> bool:
        """Whether more came than any run of ours writes."""
        return self._total > _MOST

    @property
    def console(self) -> tuple[str, ...]:
        """The last lines that were no frames, without control characters."""
        return tuple(self._console)

    def feed(self, data: bytes) -> list[Facts]:
        """Return the answers that are whole by now."""
        self._total += len(data)
        *lines, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > _LONGEST:
            self._rest = b""
        return [answer for line in lines if (answer := self._read(line)) is not None]

    def _read(self, line: bytes) -> Facts | None:
        match = _FRAME.search(line)
        if match is None:
            text = re.sub(r"[^\x20-\x7e]+", "", line[:400].decode("ascii", "replace"))
            if text:
                self._console.append(text)
            return None
        checksum, length, body = match.groups()
        if len(body) != int(length) or zlib.crc32(body) != int(checksum, 16):
            return None
        try:
            answer = json.loads(base64.b64decode(body, validate=True))
        except (binascii.Error, ValueError, RecursionError):
            return None
        return answer if isinstance(answer, dict) else None
