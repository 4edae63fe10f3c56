"""For which targets does an answer hold? Some names are declared otherwise for other architectures; noted here."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Generic, TypeVar

from bpflint.analysis.abi import TARGETS

ALL = frozenset(TARGETS)
K = TypeVar("K", bound=Hashable)
T = TypeVar("T")


class Narrowing:
    """The targets for which what is being worked out holds; nested work narrows what it is part of."""

    def __init__(self) -> None:
        self._frames = [ALL]

    def note(self, targets: Sequence[str] | frozenset[str] | None) -> None:
        """Hold for these targets only; () and None change nothing."""
        if targets and self._frames[-1] - frozenset(targets):
            self._frames[-1] &= frozenset(targets)

    def during(self, work: Callable[[], T]) -> tuple[T, frozenset[str]]:
        """Return what `work` gives and the targets it holds for."""
        self._frames.append(ALL)
        try:
            found = work()
        finally:
            inner = self._frames.pop()
            self.note(inner)
        return found, inner


class Memo(Generic[K, T]):
    """Answers kept with the targets they hold for."""

    def __init__(self, narrowing: Narrowing) -> None:
        self._narrowing = narrowing
        self._held: dict[K, tuple[T, frozenset[str]]] = {}

    def get(self, key: K, work: Callable[[], T]) -> T:
        """Return the answer for a key, worked out once; the targets count each time."""
        held = self._held.get(key)
        if held is None:
            held = self._held[key] = self._narrowing.during(work)
        elif held[1] is not ALL:
            self._narrowing.note(held[1])
        return held[0]

    def held(self, key: K) -> T | None:
        """Return the answer for a key that has been worked out, else None."""
        held = self._held.get(key)
        if held is None:
            return None
        if held[1] is not ALL:
            self._narrowing.note(held[1])
        return held[0]

    def holds(self, key: K) -> bool:
        """Return whether the answer for a key has been worked out."""
        return key in self._held

    def targets(self, key: K) -> frozenset[str]:
        """Return the targets that a kept answer holds for."""
        return self._held[key][1]
