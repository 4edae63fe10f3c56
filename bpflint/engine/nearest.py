"""Which known name did the user mean? One suggestion for every error about a name."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the known name closest to `name`, "" where none comes near."""
    import difflib  # late: only an error needs it

    pool = sorted(set(known))
    found = difflib.get_close_matches(name, pool, n=1, cutoff=0.5)
    if not found:
        lowered = {item.lower(): item for item in pool}
        found = [lowered[hit] for hit in difflib.get_close_matches(name.lower(), lowered, n=1, cutoff=0.5)]
    return found[0] if found else ""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return `; did you mean 'x'?` or ""."""
    found = nearest(name, known)
    return f"; did you mean '{found}'?" if found else ""
