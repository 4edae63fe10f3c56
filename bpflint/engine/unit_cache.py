"""What did a front end make of this job the last time, and does it still hold? One file a job, in the user's cache.

A file holds a digest and what `marshal` makes of (what the result rests on, the result). Whatever is wrong with one,
from a full disk to foreign bytes, costs the time to read the source again and nothing else.
"""

from __future__ import annotations

import marshal
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from functools import cache, cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from bpflint._hot import stat_of
from bpflint.engine.codec import Codec, kinds_of
from bpflint.engine.gathered import Gathered, gathered_codec
from bpflint.engine.inputs import KINDS, Footing, Inputs
from bpflint.engine.local import Local
from bpflint.engine.states import digest_of, file_state
from bpflint.engine.store import Store
from bpflint.kernels.catalogue import HOST, Answers, running_kernel
from bpflint.kernels.store import data_folder
from bpflint.model import claim, finding, flow, layout, source, unit
from bpflint.model.data import dataclass
from bpflint.model.unit import Unit
from bpflint.reading import Job, Loaded, Reads, Settings

if TYPE_CHECKING:
    from bpflint.api import Rule

_ELSEWHERE = ("cache_dir", "jobs", "vmlinux_dir")
"""Settings that change no unit: where things are kept, and how many work at it."""
_PAIRED = frozenset({claim.LayoutClaim})

_GATHERED, _ANSWERS = "gathered", "answers"
_MOST_ANSWERS = 100_000
"""Some 10 MB: beyond that all are asked for again."""

Entry = tuple[Footing, bytes, bytes]
"""What a result rests on, and the result as it was written down, the bodies of its functions apart: read later."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A job's units and the jobs it uncovered, as they are written down."""

    units: tuple[Unit, ...]
    follow_up: tuple[Job, ...]


@cache
def finding_codec() -> Codec:
    """Return the codec of findings; those that hold a pair of two units are none of one unit alone."""
    kinds = [kind for module in (source, finding, claim) for kind in kinds_of(module)]
    return Codec([*(kind for kind in kinds if kind not in _PAIRED), Local])


@cache
def codec() -> Codec:
    """Return the codec of everything a unit is made of."""
    kinds = [kind for module in (source, layout, flow, unit) for kind in kinds_of(module)]
    return Codec([*kinds, Job, Kept])


class UnitCache:
    """Finds and keeps the results of jobs, and what the rules said of each unit alone."""

    def __init__(
        self, store: Store, inputs: Inputs, settings: Settings, tool: str, rules: Callable[[], Sequence[Rule]] = tuple
    ) -> None:
        self._store, self.inputs = store, inputs
        self._find_rules = rules
        told = [f"{item.name}={getattr(settings, item.name)!r}" for item in fields(settings)
                if item.name not in _ELSEWHERE]  # fmt: skip
        told.append(_named(settings.vmlinux_dir))
        told += [file_state(str(path)) for path in (settings.vmlinux_btf, settings.libclang_path) if path]
        codecs = (codec(), finding_codec(), gathered_codec())
        self._answered = 0
        self._ground = "\0".join((tool, *(item.shape() for item in codecs), *_known_of_kernels(settings), *told))

    @cached_property
    def _rules(self) -> str:
        """The rules of this run, asked for when something is known or kept of what they said."""
        return " ".join(rule.meta.code for rule in self._find_rules())

    def find(self, job: Job) -> Entry | None:
        """Return what the job gave when everything was as it is now, None where that is not known.

        It is still to be `read`: what has to be done anew is begun first.
        """
        data = self._store.read(self._name(job))
        if data is None:
            return None
        try:
            footing, rows, bodies = marshal.loads(data)
            return (footing, rows, bodies) if self.inputs.holds(footing) else None
        except (ValueError, TypeError, LookupError, EOFError):
            return None  # its digest is right, so somebody else's: of a version that says it is ours

    def read(self, entry: Entry) -> Loaded | None:
        """Return the result that an entry holds, None where it holds something else."""
        try:
            kept: Kept = codec().decode_apart(marshal.loads(entry[1]), partial(marshal.loads, entry[2]))
        except (ValueError, TypeError, LookupError, EOFError):
            return None
        return Loaded(kept.units, kept.follow_up, _reads(entry[0]))

    def keep(self, job: Job, loaded: Loaded) -> None:
        """Write down what a job gave, unless something it rests on may have changed while it was read."""
        footing = self.inputs.footing(loaded.reads)
        if not self.inputs.settled(footing):
            return
        try:
            kept = Kept(loaded.units, tuple(replace(item, files=()) for item in loaded.follow_up))
            data = marshal.dumps((footing, *map(marshal.dumps, codec().encode_apart(kept))))
        except (TypeError, ValueError, RecursionError):
            return  # nested deeper than can be written down
        self._store.write(self._name(job), data)

    def find_locals(self, job: Job, loaded: Loaded) -> tuple[Local, ...] | None:
        """Return what the rules of this run said of the units of a known result, None where that is not known."""
        data = self._store.read(self._name(job, self._rules))
        if data is None:
            return None
        try:
            footing, tables = marshal.loads(data)
            if not self.inputs.holds(footing) or len(tables) != len(loaded.units):
                return None
            return tuple(map(finding_codec().decode, tables))
        except (ValueError, TypeError, LookupError, EOFError):
            return None

    def keep_locals(self, job: Job, loaded: Loaded, said: Sequence[Local]) -> None:
        """Write down what the rules said of the units of a job."""
        footing = self.inputs.footing(loaded.reads)
        if not self.inputs.settled(footing):
            return
        try:
            data = marshal.dumps((footing, [finding_codec().encode(item) for item in said]))
        except (TypeError, ValueError, RecursionError):
            return  # a plugin's claim, which the list of classes does not hold
        self._store.write(self._name(job, self._rules), data)

    def find_gathered(self, job: Job, loaded: Loaded) -> tuple[Gathered, ...]:
        """Return what rules gathered of each unit of a known result; which rules did is no matter."""
        data = self._store.read(self._name(job, _GATHERED))
        try:
            footing, tables = marshal.loads(data) if data is not None else ((), ())
            if len(tables) == len(loaded.units) and self.inputs.holds(footing):
                return tuple(map(Gathered, tables))
        except (ValueError, TypeError, LookupError, EOFError):
            pass
        return tuple(Gathered() for _ in loaded.units)

    def keep_gathered(self, job: Job, reads: Reads | None, gathered: Sequence[Gathered]) -> None:
        """Write down what rules gathered of the units of a job, where anything is new."""
        try:
            tables = [item.packed() for item in gathered]
            footing = self.inputs.footing(reads) if any(tables) else ()
            if footing and self.inputs.settled(footing):
                kept = [table if table is not None else item.kept for table, item in zip(tables, gathered, strict=True)]
                self._store.write(self._name(job, _GATHERED), marshal.dumps((footing, kept)))
        except (TypeError, ValueError, RecursionError):
            return  # a plugin's own class, which the list does not hold

    def find_answers(self) -> Answers:
        """Return what kernels answered in earlier runs."""
        data = self._store.read(digest_of([self._ground, _ANSWERS]))
        try:
            found = marshal.loads(data) if data is not None else {}
        except (ValueError, TypeError, EOFError):
            return {}
        answers = found if isinstance(found, dict) and len(found) < _MOST_ANSWERS else {}
        self._answered = len(answers)
        return answers

    def keep_answers(self, answers: Answers) -> None:
        """Write down what kernels answered, where more is known than `find_answers` gave."""
        if len(answers) > self._answered:
            self._store.write(digest_of([self._ground, _ANSWERS]), marshal.dumps(answers))

    def _name(self, job: Job, rules: str = "") -> str:
        told = (job.frontend, job.path, job.mode, job.text, job.places, sorted(job.extra.items()), rules)
        return digest_of([self._ground, repr(told)])


def _known_of_kernels(settings: Settings) -> list[str]:
    """What a user knows of kernels, and the types of the kernel that runs where it is one of the configured ones."""
    folder = data_folder()
    files = [path for part in ("available", "kernels") for path in sorted(folder.glob(f"{part}/*/*"))]
    told = [f"{path}={stat_of(str(path))}" for path in files]
    return [*told, file_state(str(HOST))] if running_kernel() in settings.kernels else told


def _named(folder: Path | None) -> str:
    """The types of a vmlinux.h, whether it holds all of them or a project's part: a unit is the same with both."""
    if folder is None:
        return ""
    from bpflint.kernels.vmlinux import whole_of  # late: the BTF reader, 20 ms

    return whole_of(folder).name  # named by its content


def _reads(footing: Footing) -> Reads | None:
    """The question that a footing answered."""
    if [row[:2] for row in footing] == [("suffix", "")]:
        return None
    names = {wanted: tuple(name for kind, name, _ in footing if kind == wanted) for wanted in KINDS}
    return Reads(names["file"], names["folder"], names["named"], names["suffix"])
