"""Which kernels has Debian's archive, and how are they had? Through apt, with a state of our own: no root, no trace.

apt verifies the archive's signature and each package's sha256, and goes on with a download that was cut off. The
archive's address is taken from the machine's own sources. `linux-binary-*` holds the image from 6.19 on, before it
`linux-image-*`.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from bpflint.api import BpflintError, KernelFiles, KernelProvider
from bpflint.kernels.deb import kernel_image
from bpflint.kernels.store import fits, release_order

_KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
_FRESH = 24 * 3600
_NAME = re.compile(r"linux-(?:image|binary)-\d\S*")


class Debian(KernelProvider):
    """Debian's archive, one suite and architecture at a time."""

    name = "debian"

    def available(self, arch: str, prefix: str, work: Path) -> Sequence[str]:
        """Return the releases of the suites that have the series; none where there is no apt."""
        if shutil.which("apt-get") is None or arch not in _table()["flavours"] or not _archives():
            return ()
        found = {release for _, release, _, _ in _everywhere(arch, prefix, work) if fits(release, prefix)}
        return sorted(found, key=release_order, reverse=True)

    def fetch(self, arch: str, release: str, work: Path) -> KernelFiles:
        """Download the package of a release and take the image out of it."""
        for suite, found, package, version in _everywhere(arch, release, work):
            if found == release:
                name, data = _Apt(suite, arch, work).download([f"{package}={version}"])[0]
                uname, image = kernel_image(data, name)
                return KernelFiles(image, uname, f"Debian {suite}, {package} {version}")
        raise BpflintError(f"{arch}:{release}: Debian's archive has no such kernel (any more)")

    def packages(self, arch: str, names: Sequence[str], work: Path) -> Sequence[tuple[str, bytes]]:
        """Download packages of Debian 12 for an architecture, foreign ones too."""
        apt = _Apt("bookworm", arch, work)
        return apt.download(names)


def download(suite: str, arch: str, packages: Sequence[str], work: Path) -> list[tuple[str, bytes]]:
    """Return (file name, bytes) of `NAME=VERSION` packages of one suite; apt has checked their sums."""
    return _Apt(suite, arch, work).download(packages)


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(files("bpflint.kernels").joinpath("debian.toml").read_text(encoding="utf-8"))


def _suites(prefix: str) -> Sequence[str]:
    """The suites that have a series, the telling part of `6.1`, `6.1.192`; all of them for a shorter prefix."""
    table: dict[str, list[str]] = _table()["suites"]
    series = ".".join(prefix.split(".")[:2])
    if series in table:
        return table[series]
    return list(dict.fromkeys(suite for suites in reversed(table.values()) for suite in suites))


def _everywhere(arch: str, prefix: str, work: Path) -> Iterator[tuple[str, str, str, str]]:
    """(suite, release, package, version) in the suites of a series; one that cannot be had matters if all cannot."""
    errors: list[BpflintError] = []
    suites = _suites(prefix)
    for suite in suites:
        try:
            yield from ((suite, *item) for item in _kernels(arch, suite, work))
        except BpflintError as error:
            errors.append(error)
    if len(errors) == len(suites):
        raise errors[0]


def _kernels(arch: str, suite: str, work: Path) -> Iterator[tuple[str, str, str]]:
    """(release, package, version) of each kernel of a suite; `linux-binary` before the `linux-image` it empties."""
    flavour = _table()["flavours"][arch]["flavour"]
    packages: dict[str, tuple[str, str]] = {}
    for name, version in sorted(_Apt(suite, arch, work).listed(f"^linux-(image|binary)-[0-9].*-{flavour}$")):
        if _NAME.fullmatch(name):
            packages.setdefault(version.partition("-")[0], (name, version))
    for release, (name, version) in packages.items():
        yield release, name, version


@cache
def _archives() -> dict[str, str]:
    """The addresses of `debian` and `debian-security` among the machine's own apt sources."""
    done = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI) $(ORIGIN)"], capture_output=True, text=True, check=False
    )
    found: dict[str, str] = {}
    for line in done.stdout.splitlines():
        address, _, origin = line.partition(" ")
        name = address.rstrip("/").rpartition("/")[2]
        if origin == "Debian" and name in ("debian", "debian-security"):
            found.setdefault(name, address)
    return found


class _Apt:
    """apt-get and apt-cache on a private state for one suite and architecture."""

    def __init__(self, suite: str, arch: str, work: Path) -> None:
        self._suite, self._arch = suite, arch
        self._folder = work / "apt" / f"{suite}-{arch}"

    def listed(self, pattern: str) -> list[tuple[str, str]]:
        """Return (package, version) of every package whose name fits the pattern."""
        self._refresh()
        names = [line.split(" ")[0] for line in self._ask("apt-cache", "search", "--names-only", pattern).splitlines()]
        if not names:
            return []
        shown = self._ask("apt-cache", "show", *names)
        pairs, name = [], ""
        for line in shown.splitlines():
            if line.startswith("Package: "):
                name = line[9:]
            elif line.startswith("Version: "):
                pairs.append((name, line[9:]))
        return pairs

    def download(self, packages: Sequence[str]) -> list[tuple[str, bytes]]:
        """Return (file name, bytes) of packages; apt has checked their sums."""
        self._refresh()
        folder = self._folder / "packages"
        folder.mkdir(exist_ok=True)
        self._ask("apt-get", "download", *packages, cwd=folder, show=sys.stderr.isatty())
        wanted = {re.split(r"[=:]", item)[0] for item in packages}
        found = [(path.name, path.read_bytes()) for path in sorted(folder.glob("*.deb"))
                 if path.name.split("_")[0] in wanted]  # fmt: skip
        shutil.rmtree(folder)
        if len(found) < len(wanted):
            raise BpflintError(f"apt did not bring all of {' '.join(packages)} from Debian {self._suite}")
        return found

    def _refresh(self) -> None:
        """Bring the suite's lists, at most once a day."""
        stamp = self._folder / "fresh"
        if stamp.is_file() and _age(stamp) < _FRESH:
            return
        for part in ("lists/partial", "archives/partial"):
            (self._folder / part).mkdir(parents=True, exist_ok=True)
        (self._folder / "status").touch()
        security = self._suite.endswith("-security")
        address = _archives().get("debian-security" if security else "debian")
        if address is None:
            raise BpflintError("apt's sources name no archive of Debian: use `bpflint kernels add FILE`")
        keyring = f" signed-by={_KEYRING}" if os.path.exists(_KEYRING) else ""
        line = f"deb [arch={self._debian()}{keyring}] {address} {self._suite} main\n"
        (self._folder / "sources.list").write_text(line, encoding="utf-8")
        (self._folder / "apt.conf").write_text(self._configuration(), encoding="utf-8")
        self._ask("apt-get", "update", "-qq")
        stamp.touch()

    def _debian(self) -> str:
        return str(_table()["flavours"][self._arch]["debian"])

    def _configuration(self) -> str:
        values = {
            "Dir::State": self._folder, "Dir::State::status": self._folder / "status", "Dir::Cache": self._folder,
            "Dir::Etc::SourceList": self._folder / "sources.list", "Dir::Etc::SourceParts": "/dev/null",
            "Dir::Etc::Preferences": "/dev/null", "Dir::Etc::PreferencesParts": "/dev/null",
            "APT::Architecture": self._debian(), "APT::Architectures": self._debian(), "APT::Sandbox::User": "",
            "Acquire::Languages": "none", "APT::Install-Recommends": "false",
        }  # fmt: skip
        return "".join(f"{key} {json.dumps(str(value))};\n" for key, value in values.items())

    def _ask(self, *command: str, cwd: Path | None = None, show: bool = False) -> str:
        environment = {**os.environ, "APT_CONFIG": str(self._folder / "apt.conf"), "LC_ALL": "C"}
        try:
            done = subprocess.run(
                command, env=environment, cwd=cwd, check=False, text=True, stdin=subprocess.DEVNULL,
                stdout=sys.stderr if show else subprocess.PIPE, stderr=None if show else subprocess.PIPE,
            )  # fmt: skip
        except OSError as error:
            raise BpflintError(f"{command[0]}: {error.strerror or error}") from None
        if done.returncode:
            words = [line for line in (done.stderr or "").splitlines() if line.startswith("E:")]
            raise BpflintError(f"{' '.join(command[:2])} (Debian {self._suite}, {self._arch}): "
                               f"{words[0] if words else f'ended with {done.returncode}'}")  # fmt: skip
        return done.stdout or ""


def _age(path: Path) -> float:
    import time

    return time.time() - path.stat().st_mtime
