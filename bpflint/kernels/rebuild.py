"""How were the shipped kernels made? `python -m bpflint.kernels.rebuild FOLDER [--fetch] [--only ARCH:RELEASE …]`.

From the Debian packages that `data/kernels.toml` lists to `data/kernels.pack`. FOLDER holds the packages; `--fetch`
brings those that are missing. With `--only` nothing is written: what these packages declare is compared with the pack.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from bpflint.btf import Btf
from bpflint.kernels.deb import kernel_image
from bpflint.kernels.debian import download
from bpflint.kernels.extract import extract_btf
from bpflint.kernels.lines import lines_of
from bpflint.kernels.pack import SHIPPED, Pack, write
from bpflint.model.data import dataclass
from bpflint.model.errors import BpflintError
from bpflint.model.verdict import Kernel

DATA: Final = SHIPPED.parent


@dataclass(frozen=True, slots=True)
class Source:
    """A package of the list; `sha256` is that of its bytes."""

    arch: str
    release: str
    suite: str
    package: str
    version: str
    sha256: str

    @property
    def kernel(self) -> Kernel:
        """The kernel it holds."""
        return Kernel(self.arch, self.release)

    @property
    def file(self) -> str:
        """The name of its file in the folder."""
        return f"{self.arch}-{self.package}_{self.version}.deb"


def sources() -> tuple[Source, ...]:
    """Return the list, in the order of the pack."""
    table = tomllib.loads((DATA / "kernels.toml").read_text(encoding="utf-8"))
    return tuple(Source(**row) for row in table["kernel"])


def declared(source: Source, folder: Path, *, fetch: bool = False) -> list[tuple[str, str]]:
    """Return (name, line) of all that a package's kernel declares; BpflintError where it is missing or another."""
    path = folder / source.file
    if not path.is_file() and fetch:
        folder.mkdir(parents=True, exist_ok=True)
        wanted = [f"{source.package}={source.version}"]
        path.write_bytes(download(source.suite, source.arch, wanted, folder / "work")[0][1])
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BpflintError(f"{path}: {error.strerror or error}; --fetch brings it") from None
    if hashlib.sha256(data).hexdigest() != source.sha256:
        raise BpflintError(f"{path}: is not the package of the list (sha256)")
    _, image = kernel_image(data, path.name)
    return list(lines_of(Btf(extract_btf(image, path.name))))


def differences(source: Source, lines: Sequence[tuple[str, str]], pack: Pack) -> int:
    """Return how many declarations of a kernel the pack has otherwise, or one of the two lacks."""
    known = {f"{line.kind} {line.name.replace(' ', '+')} {line.text}" for functions in (False, True)
             for line in pack.declarations(source.kernel, functions=functions)}  # fmt: skip
    return len(known ^ {line for _, line in lines})


def main(argv: Sequence[str]) -> int:
    """Make the pack, or compare some kernels with it; 1 where they differ."""
    parser = argparse.ArgumentParser(prog="python -m bpflint.kernels.rebuild")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--fetch", action="store_true")
    parser.add_argument("--only", action="append", default=[], metavar="ARCH:RELEASE")
    args = parser.parse_args(argv)
    if args.only:
        found = [differences(item, declared(item, args.folder, fetch=args.fetch), Pack(SHIPPED))
                 for item in sources() if str(item.kernel) in args.only]  # fmt: skip
        print(f"{len(found)} kernels compared, {sum(found)} declarations differ")
        return 1 if sum(found) or len(found) < len(args.only) else 0
    data = write({item.kernel: declared(item, args.folder, fetch=args.fetch) for item in sources()})
    SHIPPED.write_bytes(data)
    print(f"{SHIPPED.name}  {len(data)} bytes, sha256 {hashlib.sha256(data).hexdigest()}")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except BpflintError as error:
        sys.exit(str(error))
