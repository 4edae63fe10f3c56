"""Which rules run, and where? A small pure lattice: the longest matching prefix wins, ignore wins a tie."""

from __future__ import annotations

import enum
import fnmatch
import re
from collections.abc import Iterable, Mapping, Sequence

from bpflint.engine.nearest import did_you_mean
from bpflint.model.data import dataclass
from bpflint.model.errors import ConfigError
from bpflint.model.finding import Persona
from bpflint.model.run_codes import RUN_CODES

ALL = "ALL"
_PREFIX = re.compile(r"[A-Z]{1,3}\d{0,3}")


class Decision(enum.Enum):
    """Whether a code is on, and whether the user said so or it follows from a default."""

    EXPLICIT_ON = "selected"
    IMPLICIT_ON = "on by default"
    EXPLICIT_OFF = "ignored"
    IMPLICIT_OFF = "not selected"

    @property
    def on(self) -> bool:
        """Whether the code is on."""
        return self in (Decision.EXPLICIT_ON, Decision.IMPLICIT_ON)


@dataclass(frozen=True, slots=True)
class Wish:
    """Selectors as the user wrote them and where: a flag, or `file:line`."""

    selectors: tuple[str, ...]
    place: str


@dataclass(frozen=True, slots=True)
class Selection:
    """Resolved selectors: code prefixes, "" for ALL. `select` None is the default (everything but pedantic)."""

    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    per_file: tuple[tuple[str, tuple[str, ...]], ...] = ()
    persona: Persona = "regular"

    def decide(self, code: str) -> Decision:
        """Return the decision for a code, whatever its persona."""
        picked = _longest(code, ("",) if self.select is None else self.select)
        dropped = _longest(code, self.ignore)
        if picked is None:
            return Decision.IMPLICIT_OFF
        if dropped is not None and dropped >= picked:
            return Decision.EXPLICIT_OFF
        return Decision.IMPLICIT_ON if self.select is None else Decision.EXPLICIT_ON

    def runs(self, code: str, persona: Persona = "regular") -> bool:
        """Return whether a rule runs: a pedantic one only for that persona, or selected by its own full code."""
        if not self.decide(code).on:
            return False
        return persona == "regular" or self.persona == "pedantic" or code in (self.select or ())

    def dropped_in(self, code: str, path: str) -> bool:
        """Return whether per-file-ignores drop a code in a file."""
        return any(
            _longest(code, prefixes) is not None for pattern, prefixes in self.per_file if path_matches(path, pattern)
        )


def _longest(code: str, prefixes: Iterable[str]) -> int | None:
    return max((len(prefix) for prefix in prefixes if code.startswith(prefix)), default=None)


def path_matches(path: str, pattern: str) -> bool:
    """Return whether a root-relative path matches: a glob from the root, a folder, or a bare name anywhere."""
    pattern = pattern.removeprefix("./").rstrip("/")
    if fnmatch.fnmatchcase(path, pattern) or path.startswith(pattern + "/"):
        return True
    parts = path.split("/")
    if "/" not in pattern:
        return any(fnmatch.fnmatchcase(part, pattern) for part in parts)
    folders = ("/".join(parts[:size]) for size in range(1, len(parts)))
    return any(fnmatch.fnmatchcase(folder, pattern) for folder in folders)


def make_selection(
    names: Mapping[str, str],
    *,
    select: Sequence[Wish] | None,
    ignore: Sequence[Wish] = (),
    per_file: Sequence[tuple[str, Wish]] = (),
    persona: Persona = "regular",
) -> Selection:
    """Return the selection of the given wishes. `names` maps every code to its rule's name.

    Raises ConfigError, with the place and the nearest match, for a selector that fits no rule.
    """
    names = {**RUN_CODES, **names}
    return Selection(
        None if select is None else resolve(select, names),
        resolve(ignore, names),
        tuple((pattern, resolve([wish], names)) for pattern, wish in per_file),
        persona,
    )


def resolve(wishes: Iterable[Wish], names: Mapping[str, str]) -> tuple[str, ...]:
    """Return the code prefixes that selectors stand for."""
    codes = {name: code for code, name in names.items()}
    return tuple(_resolve(item.strip(), wish.place, names, codes) for wish in wishes for item in wish.selectors)


def _resolve(item: str, place: str, names: Mapping[str, str], codes: Mapping[str, str]) -> str:
    if item == ALL:
        return ""
    if item in codes:
        return codes[item]
    if _PREFIX.fullmatch(item) and any(code.startswith(item) for code in names):
        return item
    hint = did_you_mean(item, [*names, *codes, ALL])
    raise ConfigError(f"{place}: unknown rule '{item}'{hint} (bpflint rule --all lists them)")
