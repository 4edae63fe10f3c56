"""Where are a file's headers, without configuration? Breadth-first over `#include` lines (SPEED section)."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from bpflint.frontends.c.skeletons import is_skeleton, skeletons, source_names
from bpflint.model.data import dataclass
from bpflint.model.patterns import pattern

_INCLUDE = pattern(rb'^[ \t]*#[ \t]*include(?:_next)?[ \t]*([<"])([^>"\n]+)[>"]', re.M)
_X86 = ("x86", "x86_64", "amd64")
_ARCH_DIRS = frozenset({
    "arm64", "aarch64", "arm", "armv7", "s390", "s390x", "riscv", "riscv64", "powerpc", "powerpc64", "ppc",
    "ppc64", "ppc64le", "mips", "mips64", "mips64le", "loongarch", "loongarch64", "loong64", "sparc",
    "sparc64", "i386",
})  # fmt: skip
_OWN_DIRS = {"arm64": ("arm64", "aarch64"), "s390x": ("s390", "s390x"), "riscv64": ("riscv", "riscv64"),
             "ppc64le": ("powerpc", "ppc64le"), "arm": ("arm", "armv7"), "loong64": ("loongarch", "loong64"),
             "mips64le": ("mips", "mips64le"), "i386": ("i386", "x86")}  # fmt: skip
_MOST = 400
"""Headers followed from one root; a program that includes more finds the rest by its include paths."""
_MOST_BESIDE = 32
_SYSTEM = pattern(
    r"^(?:linux|asm|asm-generic|uapi|sys|bits|net|netinet|arpa|rdma|sound|scsi|xen|mtd|misc|video|drm)/"
)
_LARGE, _HEAD = 1 << 20, 1 << 14
"""A header of a megabyte was generated from BTF: what it includes, if anything, stands at its top."""
_ASKED = pattern(
    rb"^[ \t]*#[ \t]*(?:el)?if(?:n?def)?\b[^\n]*?\b(\w*(?:USE|HAVE|WITH)_VMLINUX\w*|__KERNEL__|HAVE_LIBBPF_\w+)\b", re.M
)
"""How headers ask which side compiles them, or what libbpf offers; the answer is a macro of the project's build."""
_SKELETON_INCLUDES = "#include <bpf/libbpf.h>\n#include <bpf/bpf.h>\n"
_CMAKE = pattern(rb"^([ \t]*#[ \t]*)cmakedefine(01)?[ \t]+(\w+)[^\n]*", re.M)
_PLACEHOLDER = pattern(rb"@\w+@|\$\{\w+\}")


@dataclass(frozen=True, slots=True)
class Includes:
    """What the include lines of a root lead to. Folders and paths are relative to the project."""

    folders: tuple[str, ...]
    """In the order they were needed."""
    missing: tuple[str, ...]
    """Names that neither the project nor the embedded headers have."""
    asked: tuple[str, ...]
    """Macros by which some header asks whether the BPF side compiles it."""
    generated: Mapping[str, str]
    """Text by path of headers that a build writes: from a template beside them, or a skeleton from its users."""


class Headers(Protocol):
    """Where the project's headers are looked up."""

    def candidates(self, name: str, near: str) -> list[str]:
        """Return project files whose path ends with `name`, the nearest to `near` first, other architectures last."""


class HeaderIndex:
    """The project's headers by the last part of their path.

    For x86_64, which every file is read for, those in folders of other architectures come last: they may be all there
    is. For another architecture they are no headers of it at all.
    """

    def __init__(self, paths: Iterable[str], arch: str = "x86_64") -> None:
        self._by_name: dict[str, list[str]] = {}
        foreign = None if arch == "x86_64" else (_ARCH_DIRS | set(_X86)) - set(_OWN_DIRS[arch])
        for path in paths:
            if "/." in f"/{path}" and "/.output/" not in f"/{path}":
                continue  # folders of tools hold stand-ins, such as a cut-down vmlinux.h for continuous integration
            if foreign is not None and not foreign.isdisjoint(path.lower().split("/")):
                continue
            self._by_name.setdefault(path.rsplit("/", 1)[-1], []).append(path)

    def candidates(self, name: str, near: str) -> list[str]:
        """Return project files whose path ends with `name`, the nearest to `near` first, other architectures last."""
        tail = name.split("../")[-1].lstrip("./")
        if not tail:
            return []
        found = [
            path for path in self._by_name.get(tail.rsplit("/", 1)[-1], ()) if path == tail or path.endswith("/" + tail)
        ]
        return sorted(found, key=lambda path: (_foreign(path), -_common(path, near), path.count("/"), path))


def include_dirs(
    root: str, read: Callable[[str], bytes], index: Headers, given: Sequence[str], embedded: Callable[[str], bool],
    own_only: Callable[[str], bool] = lambda _name: False,
) -> Includes:  # fmt: skip
    """Follow the include lines of a root, breadth first.

    `given` folders are tried first, then the includer's own folder, then the project. Names of the system's folders
    that the embedded headers have (`embedded`), and names of the C library (`own_only`), are never taken from the
    project by their tail alone. A header that only exists as a template (`x.h.in`) is read from it.
    """
    search = _Search(read, index, given, embedded, own_only)
    queue, seen = deque([root]), {root}
    while queue and len(seen) < _MOST:
        path = queue.popleft()
        for found in search.follow(path):
            if found not in seen:
                seen.add(found)
                queue.append(found)
    search.write_skeletons(seen)
    return Includes(tuple(search.folders), tuple(search.missing), tuple(search.asked), search.generated)


class _Search:
    """The state of one walk over include lines."""

    def __init__(
        self, read: Callable[[str], bytes], index: Headers, given: Sequence[str],
        embedded: Callable[[str], bool], own_only: Callable[[str], bool],
    ) -> None:  # fmt: skip
        self.read, self.index, self.given, self.embedded, self.own_only = read, index, given, embedded, own_only
        self.folders: dict[str, None] = {}
        self.missing: dict[str, None] = {}
        self.asked: dict[str, None] = {}
        self.generated: dict[str, str] = {}
        self.skeletons: dict[str, str] = {}

    def follow(self, path: str) -> Iterator[str]:
        """Yield the project files that a file includes; remember the rest."""
        own = path.rsplit("/", 1)[0] if "/" in path else ""
        data = self.generated[path].encode() if path in self.generated else self.read(path)
        if len(data) > _LARGE:
            data = data[:_HEAD]
        if b"_VMLINUX" in data or b"__KERNEL__" in data or b"HAVE_LIBBPF_" in data:
            self.asked.update((name.decode("ascii", "replace"), None) for name in _ASKED.findall(data))
        for quote, raw in _INCLUDE.findall(data):
            name = raw.decode("utf-8", "replace").strip()
            found, folder = self._resolve(name, quote == b'"', own, path)
            if found is not None:
                if folder is not None:
                    self.folders[folder] = None
                yield found
            elif not self.embedded(name):
                self.missing[name] = None

    def _resolve(self, name: str, quoted: bool, own: str, near: str) -> tuple[str | None, str | None]:
        places = [*([own] if quoted else []), *self.given, *self.folders]
        for folder in places:
            path = joined(folder, name)
            if path and (path in self.generated or self.read(path)):
                return path, None
        if self.own_only(name) or (_SYSTEM.match(name) and self.embedded(name)):
            return None, None
        if ".." not in name.split("/"):
            for found in self.index.candidates(name, near):
                home = found[: -len(name)].rstrip("/")
                if found.endswith(name) and not _shadows(home):
                    return found, home
        if is_skeleton(name):
            return self._skeleton(name, own)
        return (None, None) if self.embedded(name) else self._template(name, places, own)

    def _template(self, name: str, places: Sequence[str], own: str) -> tuple[str | None, str | None]:
        """The last resort: what cmake or configure would write from `x.h.in`."""
        for folder in dict.fromkeys((*places, own, "")):
            path = joined(folder, name)
            data = self.read(path + ".in") if path else b""
            if data:
                self.generated[path] = filled(data).decode("utf-8", "replace")
                return path, folder
        return None, None

    def _skeleton(self, name: str, own: str) -> tuple[str | None, str | None]:
        """A skeleton that no build has written is written at the end, when every text that uses it is known."""
        path = joined(own, name) or joined("", name.split("../")[-1])
        if not path:
            return None, None
        self.generated[path] = _SKELETON_INCLUDES
        found = (near for item in source_names(name) for near in self.index.candidates(item, path))
        self.skeletons[path] = next(found, "")
        return path, path.removesuffix(name).rstrip("/") if path.endswith(name) else own

    def write_skeletons(self, seen: Iterable[str]) -> None:
        """Fill in the skeletons from the files of the walk and from the BPF sources."""
        if not self.skeletons:
            return
        texts = (data.decode("utf-8", "replace") for path in seen if len(data := self.read(path)) <= _LARGE)
        sources = {path: "\n".join(self._with_own_headers(name)) if name else ""
                   for path, name in self.skeletons.items()}  # fmt: skip
        self.generated.update(skeletons(sources, texts))

    def _with_own_headers(self, source: str) -> Iterator[str]:
        """A BPF source and the project's headers it includes, where its globals may stand."""
        data = self.read(source)
        yield data[:_LARGE].decode("utf-8", "replace")
        for _, raw in _INCLUDE.findall(data)[:_MOST_BESIDE]:
            name = raw.decode("utf-8", "replace").strip()
            near = self.index.candidates(name, source)
            if near and not self.embedded(name) and len(beside := self.read(near[0])) <= _LARGE:
                yield beside.decode("utf-8", "replace")


def filled(template: bytes) -> bytes:
    """Return a template with every optional macro left out and every value 0: enough to parse, true of nothing else."""
    text = _CMAKE.sub(lambda m: m[1] + b"define " + m[3] + b" 0" if m[2] else b"/* " + m[3] + b" */", template)
    return _PLACEHOLDER.sub(b"0", text)


def _shadows(folder: str) -> bool:
    """A folder that holds a copy of the C library or of kernel-internal headers would hide the embedded ones."""
    return bool(re.search(r"(?:^|/)(?:tools/include|tools/include/nolibc|linux)$", folder))


def joined(folder: str, name: str) -> str:
    """Return `folder/name` with `.` and `..` folded; "" where it leaves the project."""
    parts = folder.split("/") if folder else []
    for part in name.split("/"):
        if part == "..":
            if not parts:
                return ""
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def _foreign(path: str) -> int:
    parts = path.lower().split("/")
    if any(part.startswith(_X86[0]) for part in parts):
        return 0
    return 1 if any(part in _ARCH_DIRS for part in parts) else 0


def _common(left: str, right: str) -> int:
    count = 0
    for one, other in zip(left.split("/"), right.split("/"), strict=False):
        if one != other:
            break
        count += 1
    return count
