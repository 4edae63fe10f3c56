"""Which kernels are meant by a name, and what types has each? The shipped ones, the stored ones, the running one."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar, cast

from bpflint.analysis.abi import canonical_target
from bpflint.kernels.pack import shipped
from bpflint.kernels.store import fits, release_order, split, stored
from bpflint.model.availability import Availability
from bpflint.model.core import KernelField
from bpflint.model.data import dataclass
from bpflint.model.errors import BpflintError, ConfigError
from bpflint.model.verdict import Kernel

if TYPE_CHECKING:
    from bpflint.kernels.core_types import CoreTypes
    from bpflint.kernels.types import TypeSource
    from bpflint.model.core import Relocation, Resolution
    from bpflint.model.unit import Unit

T = TypeVar("T")
Answers = dict[tuple[str, ...], object]
"""What kernels answered, by question, kernel and what was asked for: plain data, which may be kept between runs."""
HOST: Final = Path("/sys/kernel/btf/vmlinux")


def known_kernels() -> tuple[Kernel, ...]:
    """Return the kernels whose types are at hand: those of the pack and the user's own, lowest release first."""
    found = {*shipped().kernels, *(image.kernel for image in stored())}
    return tuple(sorted(found, key=lambda kernel: (kernel.arch, release_order(kernel.release))))


def named_kernel(name: str) -> Kernel:
    """Return the highest known kernel that `ARCH:RELEASE` names; ConfigError with the nearest where there is none."""
    arch, prefix = split(name)
    known = [kernel for kernel in known_kernels() if kernel.arch == arch]
    fitting = [kernel for kernel in known if fits(kernel.release, prefix)]
    if fitting:
        return fitting[-1]
    if not known:
        raise ConfigError(f"no kernel {name} is at hand, nor any other of {arch}; see 'bpflint kernels list'")
    near = min(known, key=lambda kernel: _distance(kernel.release, prefix))
    text = f"no kernel {name} is at hand; did you mean '{near}'?"
    raise ConfigError(f"{text} 'bpflint kernels list' names all, 'bpflint kernels fetch {name}' brings one")


def _distance(release: str, wanted: str) -> tuple[int, ...]:
    pairs = zip((*release_order(release), 0, 0), (*release_order(wanted), 0, 0), strict=False)
    return tuple(abs(one - other) for one, other in pairs)


@dataclass(frozen=True, slots=True)
class Places:
    """Files and folders, whether they exist or not."""

    folders: tuple[Path, ...]
    files: tuple[Path, ...]


def user_places(kernels: Sequence[Kernel]) -> Places:
    """Return where what a user knows of kernels lies: what rules say of them may change with it."""
    from bpflint.kernels.availability import place_of  # late: only where kernels are named
    from bpflint.kernels.store import data_folder

    tables = tuple(map(place_of, kernels))
    return Places((data_folder() / "kernels", *(path.parent for path in tables)), tables)


def running_kernel() -> Kernel | None:
    """Return the kernel of this machine where it tells its types, else None."""
    return Kernel(canonical_target(os.uname().machine), os.uname().release) if HOST.is_file() else None


def default_kernels(targets: Sequence[str], min_kernel: str) -> tuple[Kernel, ...]:
    """Return the shipped kernels of some architectures from a release on."""
    least = release_order(min_kernel)
    return tuple(
        kernel for kernel in known_kernels()
        if kernel in shipped().kernels and kernel.arch in targets and release_order(kernel.release) >= least
    )  # fmt: skip


def raw_btf(kernel: Kernel) -> bytes:
    """Return the raw BTF of a known kernel; BpflintError where its image has none or is gone."""
    if kernel in shipped().kernels:
        from bpflint.kernels.embedded import shipped_btf  # late: 3 ms of BTF, and most are asked for no types

        return shipped_btf(kernel)
    try:
        return _image_btf(kernel)
    except OSError as error:
        raise BpflintError(f"{kernel}: its types cannot be read: {error.strerror or error}") from None


def digest_of(kernel: Kernel) -> str:
    """Return what names the types of a known kernel, without unpacking them."""
    if kernel in shipped().kernels:
        from bpflint.kernels import embedded  # late: as above

        return embedded.digest_of(kernel)
    known = next((image.sha256 for image in stored() if image.kernel == kernel), "")
    return known or hashlib.sha256(raw_btf(kernel)).hexdigest()


def _image_btf(kernel: Kernel) -> bytes:
    from bpflint.kernels.extract import extract_btf  # late: only for kernels of the user's own

    image = next((item for item in stored() if item.kernel == kernel), None)
    if image is not None:
        return extract_btf(image.path.read_bytes(), str(image.path))
    if kernel == running_kernel():
        return HOST.read_bytes()
    raise BpflintError(f"{kernel}: is not at hand any more; see 'bpflint kernels list'")


class Catalogue:
    """The kernels as rules ask for them. Nothing is read before it is asked for."""

    def __init__(self, answers: Answers | None = None) -> None:
        """`answers` are those of earlier runs, as long as nothing is known anew of kernels; more are added."""
        self.answers: Answers = {} if answers is None else answers
        self._source: TypeSource | None = None
        self._core: CoreTypes | None = None
        self._measured: dict[Kernel, Availability | None] = {}
        self._expected: tuple[Unit, ...] = ()

    def defaults(self, targets: Sequence[str], min_kernel: str) -> tuple[Kernel, ...]:
        """Return the kernels to judge by where the configuration names none."""
        return default_kernels(targets, min_kernel)

    def expect(self, units: Iterable[Unit]) -> None:
        """Let what several units ask for be looked up at once, when one of them asks; others are forgotten."""
        self._core, self._expected = None, tuple(units)

    def relocations(self, unit: Unit) -> tuple[Relocation, ...]:
        """Return where a BPF unit asks for the kernel's types."""
        return self._core_types().relocations(unit)

    def resolutions(self, unit: Unit, kernel: Kernel) -> tuple[Resolution, ...]:
        """Return what a loader makes of each of `relocations(unit)` on a kernel."""
        return self._core_types().resolutions(unit, kernel)

    def has_function(self, kernel: Kernel, name: str) -> bool | None:
        """Tell whether a kernel's BTF has a function, or a typedef, of that name; None where it cannot be had."""
        return self._asked("function", kernel, name, lambda types: types.has_function(kernel, name))

    def fields(self, kernel: Kernel, record: str) -> Mapping[str, KernelField] | None:
        """Return the members of a struct by name; None where it has none of that name."""
        found = self._asked("fields", kernel, record, lambda types: _places(types.fields(kernel, record)))
        return None if found is None else {name: KernelField(*place) for name, place in found.items()}

    def enumerators(self, kernel: Kernel, enum: str) -> Mapping[str, int] | None:
        """Return the values of an enumeration by name; None where it has none of that name."""
        return self._asked("enumerators", kernel, enum, lambda types: types.enumerators(kernel, enum))

    def _asked(self, question: str, kernel: Kernel, name: str, ask: Callable[[TypeSource], T]) -> T:
        key = (question, str(kernel), name)
        if key not in self.answers:
            self.answers[key] = ask(self._types())
        return cast(T, self.answers[key])

    def availability(self, kernel: Kernel) -> Availability | None:
        """Return which types and helpers a kernel has; None where nobody measured it."""
        if kernel not in self._measured:
            from bpflint.kernels.availability import availability_of  # late: as below

            self._measured[kernel] = availability_of(kernel)
        return self._measured[kernel]

    def _types(self) -> TypeSource:
        if self._source is None:
            from bpflint.kernels.types import TypeSource  # late: most runs ask for nothing

            self._source = TypeSource()
        return self._source

    def _core_types(self) -> CoreTypes:
        if self._core is None:
            from bpflint.kernels.core_types import CoreTypes  # late: as above

            self._core = CoreTypes(self._types(), self.answers)
            self._core.expect(self._expected)
        return self._core


def _places(fields: Mapping[str, KernelField] | None) -> dict[str, tuple[int, int]] | None:
    return None if fields is None else {name: (item.offset, item.size) for name, item in fields.items()}
