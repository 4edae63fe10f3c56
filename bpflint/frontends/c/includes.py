"""Where are a file's headers, without configuration? Breadth-first over `#include` lines (SPEED section)."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable, Sequence

_INCLUDE = re.compile(rb'^[ \t]*#[ \t]*include(?:_next)?[ \t]*([<"])([^>"\n]+)[>"]', re.M)
_ARCH_DIRS = ("arm64", "aarch64", "arm", "s390", "s390x", "riscv", "powerpc", "ppc", "mips", "loongarch", "sparc", "i386")
_WANTED_ARCH = "x86"
_MOST = 400
"""Headers followed from one root; a program that includes more finds the rest by its include paths."""
_SYSTEM = re.compile(
    r"^(?:linux|asm|asm-generic|uapi|sys|bits|net|netinet|arpa|rdma|sound|scsi|xen|mtd|misc|video|drm)/|"
    r"^(?:std\w+|string|errno|limits|float|inttypes|unistd|signal|time|ctype|assert|fcntl|getopt|pthread|math|poll)\.h$"
)


class HeaderIndex:
    """The project's headers by the last part of their path."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._by_name: dict[str, list[str]] = {}
        for path in paths:
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
    root: str, read: Callable[[str], bytes], index: HeaderIndex, given: Sequence[str], embedded: Callable[[str], bool]
) -> tuple[list[str], list[str]]:
    """Return (include folders, include names that nothing resolves) for a root; folders relative to the project.

    `given` folders are tried first, then the includer's own folder, then the project; names of the system kind that
    the embedded headers have (`embedded`) are never taken from the project by their tail alone.
    """
    folders: dict[str, None] = {}
    missing: dict[str, None] = {}
    queue, seen = deque([root]), {root}
    while queue and len(seen) < _MOST:
        path = queue.popleft()
        own = path.rsplit("/", 1)[0] if "/" in path else ""
        for quote, raw in _INCLUDE.findall(read(path)):
            name = raw.decode("utf-8", "replace").strip()
            found, folder = _resolve(name, quote == b'"', own, read, index, [*given, *folders], path, embedded)
            if found is None:
                if not embedded(name):
                    missing[name] = None
                continue
            if folder is not None:
                folders[folder] = None
            if found not in seen:
                seen.add(found)
                queue.append(found)
    return list(folders), list(missing)


def _resolve(
    name: str, quoted: bool, own: str, read: Callable[[str], bytes], index: HeaderIndex, folders: Sequence[str],
    near: str, embedded: Callable[[str], bool],
) -> tuple[str | None, str | None]:  # fmt: skip
    for folder in ([own] if quoted else []) + list(folders):
        path = joined(folder, name)
        if path and read(path):
            return path, None
    if _SYSTEM.match(name) and embedded(name):
        return None, None
    if ".." in name.split("/"):
        return None, None
    for found in index.candidates(name, near):
        home = found[: -len(name)].rstrip("/")
        if found.endswith(name) and not _shadows(home):
            return found, home
    return None, None


def _shadows(folder: str) -> bool:
    """A folder that holds a copy of the C library or of kernel-internal headers would hide the embedded ones."""
    return bool(re.search(r"(?:^|/)(?:tools/include|tools/include/nolibc)$", folder))


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
    if any(part.startswith(_WANTED_ARCH) for part in parts):
        return 0
    return 1 if any(part in _ARCH_DIRS for part in parts) else 0


def _common(left: str, right: str) -> int:
    count = 0
    for one, other in zip(left.split("/"), right.split("/"), strict=False):
        if one != other:
            break
        count += 1
    return count
