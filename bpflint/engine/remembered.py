"""Which files are as an earlier run left them? What it knew of their bytes, by their stat: they need not be read again.

A project carries headers of several megabytes that no unit is made of, and each run asked them for comments to us.
"""

from __future__ import annotations

import marshal
from collections.abc import Mapping

from bpflint._hot import Stat, stat_of
from bpflint.engine.states import digest_of
from bpflint.engine.store import Store

Row = tuple[Stat, str, bool]
"""The stat of a file, the state of its content, and whether it was seen to hold no comment to us."""


class Remembered:
    """What is known of the files below one root, by their names there."""

    def __init__(self, store: Store, root: str) -> None:
        self._store, self._name = store, digest_of(["remembered", root])
        data = store.read(self._name)
        try:
            self._rows: Mapping[str, Row] = dict(marshal.loads(data)) if data is not None else {}
        except (ValueError, TypeError, EOFError):
            self._rows = {}
        self._same: dict[str, bool] = {}

    def state(self, path: str, place: str) -> str | None:
        """Return the state of a file at a place, None where it is not known or has another stat."""
        if path not in self._same:
            self._same[path] = path in self._rows and stat_of(place) == self._rows[path][0]
        return self._rows[path][1] if self._same[path] else None

    def is_plain(self, path: str, place: str) -> bool:
        """Return whether a file is known to hold no comment to us."""
        return self.state(path, place) is not None and self._rows[path][2]

    def keep(self, rows: Mapping[str, Row]) -> None:
        """Write down what this run knows."""
        if rows != self._rows:
            self._store.write(self._name, marshal.dumps(dict(rows)))
