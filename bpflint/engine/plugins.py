"""Which rules, front ends and reporters are there? Entry points: found, then loaded, then classified.

Built-ins come through the same door as third parties. Each entry point names a package; every module below it is
imported and the subclasses *defined* there are taken.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeVar, cast

from bpflint.model.data import dataclass
from bpflint.model.errors import PluginError
from bpflint.reading import FrontEnd

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

    from bpflint.api import KernelProvider, Reporter, Rule

OWN = "bpflint"
BUILT_IN = {"rules": "bpflint_rules", "frontends": "bpflint.frontends", "reporters": "bpflint.reporters",
            "kernels": "bpflint.kernels"}  # fmt: skip
"""What our own entry points name; used where the package runs from a checkout and has no metadata."""

T = TypeVar("T")

_GROUPS = f"{OWN}.".encode()
"""How the names of our groups begin."""
_CODE = re.compile(r"[A-Z]{1,3}\d{3}")


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """An entry point: the distribution that has it and the package it names."""

    distribution: str
    package: str


_OWN_FORMATS = (BUILT_IN["reporters"], Found(OWN, BUILT_IN["reporters"]))


@dataclass(frozen=True)
class Plugins:
    """Everything a run needs: instances, in stable order."""

    find_rules: Callable[[], tuple[Rule, ...]]
    frontends: tuple[FrontEnd, ...]
    packages: tuple[str, ...] = ()
    """The modules that hold them, ours among them."""

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """All rules, imported when they are first asked for: that takes as long as to read a program."""
        return self.find_rules()

    def suffixes(self) -> frozenset[str]:
        """Return every file suffix some front end reads."""
        return frozenset(suffix for frontend in self.frontends for suffix in frontend.suffixes)


def load_plugins() -> Plugins:
    """Return all rules and front ends; raises PluginError in one line that names the distribution.

    The packages of rules are imported at once, as it is told by their files whether the tool is the same.
    """
    found = [item for kind in ("rules", "frontends") for item in find(kind)]
    for item in found:
        _import(item.package, item)
    return Plugins(load_rules, load_frontends(), tuple(sorted({OWN, *(item.package for item in found)})))


def load_rules() -> tuple[Rule, ...]:
    """Return one instance of every rule, sorted by code."""
    from bpflint.api import Rule  # late: it brings all analyses

    taken: dict[str, tuple[str, str]] = {}
    rules: list[Rule] = []
    for found in find("rules"):
        for module in _modules(found, deep=True):
            for cls in _defined(module, Rule):
                _check_rule(cls, found, taken)
                rules.append(_make(cls, found))
    return tuple(sorted(rules, key=lambda rule: rule.meta.code))


def load_frontends() -> tuple[FrontEnd, ...]:
    """Return one instance of every front end, sorted by name."""
    by_name: dict[str, FrontEnd] = {}
    for found in find("frontends"):
        for module in _modules(found, deep=False):
            for cls in _defined(module, FrontEnd):
                if by_name.get(cls.name) is not None:
                    raise PluginError(f"{found.distribution}: front end '{cls.name}' exists already; rename it")
                by_name[cls.name] = _make(cls, found)
    return tuple(by_name[name] for name in sorted(by_name))


def load_reporters() -> dict[str, Reporter]:
    """Return one instance of every output format by name."""
    from bpflint.api import Reporter  # late: as above

    return _by_name("reporters", Reporter, "output format")  # type: ignore[type-abstract]


def reporter_names() -> frozenset[str]:
    """Return the names of all output formats. A module of ours is named as its format: none has to be imported."""
    if len(find("reporters")) > 1:
        return frozenset(load_reporters())
    infos = pkgutil.iter_modules(_import(*_OWN_FORMATS).__path__)
    return frozenset(info.name.replace("_", "-") for info in infos if not info.name.startswith("_"))


def load_reporter(name: str) -> Reporter:
    """Return one of the output formats that `reporter_names` tells."""
    if len(find("reporters")) > 1:
        return load_reporters()[name]
    from bpflint.api import Reporter  # late: as above

    package, found = _OWN_FORMATS
    (own,) = _defined(_import(f"{package}.{name.replace('-', '_')}", found), Reporter)
    return cast("Reporter", _make(own, found))


def load_providers() -> dict[str, KernelProvider]:
    """Return one instance of everything that can fetch kernels, by name."""
    from bpflint.api import KernelProvider  # late: as above

    return _by_name("kernels", KernelProvider, "kernel provider")  # type: ignore[type-abstract]


def _by_name(kind: str, base: type[T], what: str) -> dict[str, T]:
    by_name: dict[str, T] = {}
    for found in find(kind):
        for module in _modules(found, deep=False):
            for cls in _defined(module, base):
                if cls.name in by_name:
                    raise PluginError(f"{found.distribution}: {what} '{cls.name}' exists already; rename it")
                by_name[cls.name] = _make(cls, found)
    return by_name


def find(kind: str) -> tuple[Found, ...]:
    """Return the entry points of a group, ours first; ours is there even without installed metadata."""
    found = {Found(OWN, BUILT_IN[kind])}
    for entry in _entry_points(tuple(sys.path))[kind]:
        distribution = entry.dist.name if entry.dist is not None else "(unknown distribution)"
        found.add(Found(distribution, entry.value))
    return tuple(sorted(found, key=lambda item: (item.distribution != OWN, item)))


@lru_cache(maxsize=1)
def _entry_points(path: tuple[str, ...]) -> Mapping[str, Sequence[EntryPoint]]:
    """Those of everything installed, read once: each run asks for several groups."""
    if not any(map(_names_plugins, path)):
        return dict.fromkeys(BUILT_IN, ())
    from importlib.metadata import entry_points  # late: 10 ms, and as much again to read what is installed

    every = entry_points()
    return {kind: tuple(every.select(group=f"bpflint.{kind}")) for kind in BUILT_IN}


def _names_plugins(place: str) -> bool:
    """Whether some distribution at a place of Python's path, ours apart, may have entry points of ours."""
    try:
        names = os.listdir(place or ".")
    except NotADirectoryError:
        return True  # a zip file
    except OSError:
        return False
    infos = [name for name in names if name.endswith((".dist-info", ".egg-info")) and not name.startswith(f"{OWN}-")]
    infos += ["EGG-INFO"] if place.endswith(".egg") else []
    return any(_GROUPS in _read(os.path.join(place, info, "entry_points.txt")) for info in infos)


def _read(path: str) -> bytes:
    try:
        with open(path, "rb") as stream:
            return stream.read()
    except OSError:
        return b""


def _modules(found: Found, *, deep: bool) -> Iterator[ModuleType]:
    """Import the package and the modules below it; a name that starts with `_` is the package's own business."""
    package = _import(found.package, found)
    yield package
    walked: Iterable[pkgutil.ModuleInfo] = pkgutil.iter_modules(getattr(package, "__path__", ()), found.package + ".")
    for info in sorted(walked, key=lambda info: info.name):
        if info.name.rpartition(".")[2].startswith("_"):
            continue
        if deep and info.ispkg:
            yield from _modules(Found(found.distribution, info.name), deep=True)
        else:
            yield _import(info.name, found)


def _import(name: str, found: Found) -> ModuleType:
    try:
        return importlib.import_module(name)
    except Exception as error:
        text = " ".join(str(error).split()) or "no message"
        raise PluginError(
            f"{found.distribution}: cannot load '{name}': {type(error).__name__}: {text}; "
            f"repair or uninstall {found.distribution}"
        ) from error


def _defined(module: ModuleType, base: Any) -> list[type[Any]]:
    """A package's front end may live in one of its own modules; what another package defines is not taken."""
    own = module.__name__
    return [
        item
        for name, item in sorted(vars(module).items())
        if isinstance(item, type)
        and (item.__module__ == own or item.__module__.startswith(own + "."))
        and issubclass(item, base)
        and item is not base
        and not name.startswith("_")
        and not getattr(item, "__abstractmethods__", None)
        and _finished(item)
    ]


def _finished(cls: type) -> bool:
    """A shared base class of several rules has no `meta` and is no rule itself."""
    return hasattr(cls, "meta") or hasattr(cls, "name")


def _check_rule(cls: type[Rule], found: Found, taken: dict[str, tuple[str, str]]) -> None:
    code, name = cls.meta.code, cls.meta.name
    if not _CODE.fullmatch(code):
        raise PluginError(f"{found.distribution}: rule '{name}': '{code}' is no code; use 1-3 capitals and 3 digits")
    if code.startswith("BPF") and found.distribution != OWN:
        raise PluginError(f"{found.distribution}: rule {code}: the prefix BPF is bpflint's own; choose another")
    for word in (code, name):
        if word in taken:
            other, owner = taken[word]
            raise PluginError(f"{found.distribution}: rule {code}: '{word}' is taken by {other} of {owner}")
        taken[word] = (code, found.distribution)


def _make(cls: type[T], found: Found) -> T:
    try:
        return cls()
    except TypeError as error:
        raise PluginError(f"{found.distribution}: cannot create {cls.__name__}: {error}") from error
