"""Is a given object loaded in place of one compiled here, and only by the kernels it was built for?"""

from __future__ import annotations

import os
import platform
import subprocess
from pathlib import Path

import pytest

from bpflint.analysis.abi import canonical_target
from bpflint.api import Settings, Unit
from bpflint.check.build import Builder, NotBuilt, compiler
from bpflint.check.given import targets_of
from bpflint.frontends.objects.unit import load_unit

_SOURCE = '__attribute__((section("socket"), used)) int {name}(void *ctx) {{ return {value}; }}\n'
_HERE = canonical_target(platform.machine())


def _compiled(root: Path, source: str, out: str, target: str = "bpfel") -> Unit:
    try:
        command = [*compiler(), "-target", target, "-O2", "-g", "-c", source, "-o", out]
    except NotBuilt as error:
        pytest.skip(str(error))
    (root / out).parent.mkdir(exist_ok=True)
    subprocess.run(command, cwd=root, check=True)
    return load_unit(out, (root / out).read_bytes())


@pytest.mark.parametrize(
    ("path", "order", "targets"),
    [
        (".output/probe.bpf.o", "little", {_HERE}),
        ("build/arm64/probe.o", "little", {"arm64"}),
        ("bpf_x86_bpfel.o", "little", {"x86_64"}),
        ("bpf_s390_bpfeb.o", "big", {"s390x"}),
        ("build/x86/big.o", "big", {"s390x"}),
        ("bpf_bpfel.o", "little", {"x86_64", "arm64", "riscv64", "arm", "i386", "ppc64le", "mips64le", "loong64"}),
    ],
)
def test_a_path_tells_what_an_object_was_built_for(path: str, order: str, targets: set[str]) -> None:
    unit = Unit(path, "object", "bpf", byte_order=order)  # type: ignore[arg-type]
    assert targets_of(unit) == targets


def test_an_object_is_the_build_of_its_source(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / "probe.bpf.c").write_text(_SOURCE.format(name="given", value=1))
    given = _compiled(tmp_path, "two/probe.bpf.c", "out/probe.bpf.o")
    sources = [Unit(f"{folder}/probe.bpf.c", "c", "bpf") for folder in ("one", "two")]
    builder = Builder([*sources, given], Settings(root=tmp_path), ())
    (tmp_path / "two/probe.bpf.c").write_text(_SOURCE.format(name="newer", value=2))
    assert builder.built("two/probe.bpf.c", _HERE) == (tmp_path / "out/probe.bpf.o").read_bytes()
    assert builder.source_of("out/probe.bpf.o") == "two/probe.bpf.c"
    assert b"given" in builder.built("one/probe.bpf.c", _HERE)
    assert builder.built("one/probe.bpf.c", _HERE) != (tmp_path / "out/probe.bpf.o").read_bytes()
    other = "arm64" if _HERE != "arm64" else "x86_64"
    assert b"newer" in builder.built("two/probe.bpf.c", other)


def test_an_object_of_two_sources_that_fit_alike_is_loaded_as_itself(tmp_path: Path) -> None:
    (tmp_path / "probe.bpf.c").write_text(_SOURCE.format(name="given", value=1))
    given = _compiled(tmp_path, "probe.bpf.c", "probe.bpf.o")
    sources = [Unit(f"{folder}/probe.bpf.c", "c", "bpf") for folder in ("one", "two")]
    builder = Builder([*sources, given], Settings(root=tmp_path), ())
    assert builder.source_of("probe.bpf.o") == ""
    assert builder.built("probe.bpf.o", _HERE) == (tmp_path / "probe.bpf.o").read_bytes()
    with pytest.raises(NotBuilt, match=rf"^object-unreadable: probe\.bpf\.o was built for {_HERE}$"):
        builder.built("probe.bpf.o", "s390x")


def test_damaged_line_information_leaves_an_object_by_itself(tmp_path: Path) -> None:
    (tmp_path / "probe.bpf.c").write_text(_SOURCE.format(name="given", value=1))
    given = _compiled(tmp_path, "probe.bpf.c", "probe.bpf.o")
    data = (tmp_path / "probe.bpf.o").read_bytes()
    (tmp_path / "probe.bpf.o").write_bytes(data.replace(b"\x9f\xeb\x01\x00", b"\x9f\xeb\x09\x09"))
    builder = Builder([Unit("probe.bpf.c", "c", "bpf"), given], Settings(root=tmp_path), ())
    assert builder.source_of("probe.bpf.o") == ""


def test_an_object_older_than_its_source_is_loaded_as_itself(tmp_path: Path) -> None:
    (tmp_path / "probe.bpf.c").write_text(_SOURCE.format(name="given", value=1))
    given = _compiled(tmp_path, "probe.bpf.c", "probe.bpf.o")
    os.utime(tmp_path / "probe.bpf.o", (1, 1))
    builder = Builder([Unit("probe.bpf.c", "c", "bpf"), given], Settings(root=tmp_path), ())
    assert builder.source_of("probe.bpf.o") == ""
    assert builder.built("probe.bpf.c", _HERE) != (tmp_path / "probe.bpf.o").read_bytes()
