"""Which kernels can be booted here? One folder a kernel below the user's data folder, written whole or not at all.

    kernels/x86_64-5.10.218/{kernel.toml, image}      guests/x86_64/base.cpio.gz      work/ (what providers keep)
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bpflint.analysis.abi import ABIS, canonical_target
from bpflint.model.data import dataclass
from bpflint.model.errors import BpflintError, ConfigError
from bpflint.model.verdict import Kernel

_RELEASE = re.compile(r"\d+\.\d+[\w.+~-]*")


@dataclass(frozen=True, slots=True)
class Image:
    """A kernel that boots: what it is, its file, and where that came from (`sha256` of the image's bytes)."""

    arch: str
    release: str
    path: Path
    sha256: str
    source: str
    uname: str = ""
    """What `uname -r` says there, where it differs from the release (`5.10.0-30-cloud-amd64`)."""

    @property
    def kernel(self) -> Kernel:
        """The kernel as verdicts name it."""
        return Kernel(self.arch, self.release)


def data_folder() -> Path:
    """Return where kernels are kept: `BPFLINT_DATA_DIR` or the user's data folder."""
    given = os.environ.get("BPFLINT_DATA_DIR")
    if given:
        return Path(given)
    import platformdirs  # late

    return Path(platformdirs.user_data_dir("bpflint", appauthor=False))


def stored() -> tuple[Image, ...]:
    """Return every stored kernel, by architecture and release; a folder that cannot be read is left out."""
    folder = data_folder() / "kernels"
    found = []
    for description in sorted(folder.glob("*/kernel.toml")):
        try:
            found.append(described(description))
        except ConfigError:
            continue
    return tuple(sorted(found, key=lambda image: (image.arch, release_order(image.release))))


def described(description: Path) -> Image:
    """Return the kernel that a `kernel.toml` describes; ConfigError names the file and what is wrong."""
    import tomllib  # late: 10 ms, and few have kernels of their own

    try:
        table = tomllib.loads(description.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{description}: cannot be read: {error.strerror or error}") from None
    except ValueError as error:
        raise ConfigError(f"{description}: {error}") from None
    for key in ("arch", "release", "image"):
        if not isinstance(table.get(key), str):
            raise ConfigError(f"{description}: '{key}' is missing or no text; see `bpflint kernels add --help`")
    image = description.parent / table["image"]
    if not image.is_file():
        raise ConfigError(f"{description}: the image {image} does not exist")
    _check(canonical_target(table["arch"]), table["release"], str(description))
    texts = {key: str(table.get(key, "")) for key in ("sha256", "source", "uname")}
    return Image(canonical_target(table["arch"]), table["release"], image, **texts)


def _check(arch: str, release: str, where: str) -> None:
    if arch not in ABIS:
        raise ConfigError(f"{where}: unknown architecture '{arch}'; known are {' '.join(sorted(ABIS))}")
    if not _RELEASE.fullmatch(release):
        raise ConfigError(f"{where}: '{release}' is no kernel release (such as 6.1.192)")


def release_order(release: str) -> tuple[int, ...]:
    """Return a release's numbers for comparison: 6.12.9 comes before 6.12.10."""
    return tuple(int(part) for part in re.findall(r"\d+", release)[:4])


def find(name: str) -> Image:
    """Return the stored kernel for `ARCH:RELEASE` (a release prefix takes the highest) or a `kernel.toml`."""
    if name.endswith(".toml"):
        return described(Path(name))
    arch, release = split(name)
    fitting = [image for image in stored() if image.arch == arch and fits(image.release, release)]
    if not fitting:
        raise ConfigError(f"no kernel {name} is stored; `bpflint kernels fetch {name}` gets it")
    return fitting[-1]


def split(name: str) -> tuple[str, str]:
    """Return (architecture, release prefix) of `ARCH:RELEASE`; ConfigError where it is none."""
    arch, _, release = name.partition(":")
    if not release:
        raise ConfigError(f"'{name}' is no kernel; it is ARCH:RELEASE, such as x86_64:6.1")
    return canonical_target(arch), release


def fits(release: str, prefix: str) -> bool:
    """Return whether a release begins with a prefix of whole parts: 7.3 fits 7.3.4, 7.30 does not."""
    rest = release[len(prefix) :]
    return release.startswith(prefix) and not (rest[:1].isdigit() and prefix[-1:].isdigit())


def add(image: bytes, arch: str, release: str, source: str, uname: str = "") -> Image:
    """Store a kernel image under its name; an equal one is replaced as a whole."""
    import json  # late, as what else only changes need

    _check(arch, release, source)
    digest = hashlib.sha256(image).hexdigest()
    texts = {"arch": arch, "release": release, "image": "image", "sha256": digest, "source": source, "uname": uname}
    lines = "".join(f"{key} = {json.dumps(value, ensure_ascii=True)}\n" for key, value in texts.items() if value)
    target = data_folder() / "kernels" / f"{arch}-{release}"
    with filling(target) as folder:
        (folder / "image").write_bytes(image)
        (folder / "kernel.toml").write_text(lines, encoding="utf-8")
    return described(target / "kernel.toml")


def remove(image: Image) -> None:
    """Remove a stored kernel; BpflintError where it cannot be."""
    import shutil

    folder = image.path.parent
    if folder.parent != data_folder() / "kernels":
        raise BpflintError(f"{image.path}: was not stored by bpflint; remove it yourself")
    try:
        shutil.rmtree(folder)
    except OSError as error:
        raise BpflintError(f"{folder}: cannot be removed: {error.strerror or error}") from None


@contextmanager
def filling(target: Path) -> Iterator[Path]:
    """Give an empty folder that becomes `target` when the block ends well, and vanishes when it does not."""
    import shutil
    import tempfile

    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=".half-", dir=target.parent))
    except OSError as error:
        raise BpflintError(f"{target.parent}: cannot be written: {error.strerror or error}") from None
    try:
        work.chmod(0o755)
        yield work
        if target.exists():
            old = Path(tempfile.mkdtemp(prefix=".old-", dir=target.parent))
            os.replace(target, old / "gone")
            os.replace(work, target)
            shutil.rmtree(old, ignore_errors=True)
        else:
            os.replace(work, target)
    except OSError as error:
        raise BpflintError(f"{target}: cannot be written: {error.strerror or error}") from None
    finally:
        shutil.rmtree(work, ignore_errors=True)
