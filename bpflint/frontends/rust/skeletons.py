"""Which types belong to a skeleton that the build generates? By the names that libbpf-cargo gives them."""

from __future__ import annotations

import re

from bpflint.frontends.rust.knowledge import LOADERS
from bpflint.frontends.rust.rtypes import Adt, Ext, Made, RType
from bpflint.frontends.rust.values import Loaded

# libbpf-cargo, gen/mod.rs: `FooSkelBuilder`, `OpenFooSkel`, `FooSkel`, and for their parts `OpenFooMaps`, `FooMaps`,
# `FooMapsMut`, `FooProgs`; rust's naming makes them camel case.
_SKELETON = re.compile(r"(?:Open)?\w*Skel(?:Builder)?$")
_MAPS = re.compile(r"(?:Open)?\w*Maps(?:Mut)?$")
_PROGRAMS = re.compile(r"(?:Open)?\w*Progs(?:Mut)?$")
GLOBALS = re.compile(r"(?:rodata|bss|data|kconfig)(?:_\w+)?$")
"""Members of a skeleton's maps that hold the program's globals."""


def part_of(type_: RType) -> Loaded | None:
    """Return which part of a loaded object a type is, None for any other type."""
    match type_:
        case Made():
            return _named(type_.name, type_.by.skeleton)
        case Adt(item=item) if item.scope.generated_by == "libbpf-cargo":
            stem = item.source.path.rpartition("/")[2].removesuffix(".skel.rs")
            return _named(item.name, stem)
        case Ext() if type_.crate in ("aya", "libbpf_rs") and type_.last in LOADERS:
            return Loaded()
    return None


def _named(name: str, loader: str) -> Loaded | None:
    if _SKELETON.match(name):
        return Loaded(loader)
    if _MAPS.match(name):
        return Loaded(loader, "maps")
    return Loaded(loader, "programs") if _PROGRAMS.match(name) else None
