"""Which Rust files make one program together?"""

from __future__ import annotations

import pytest

from bpflint.analysis.crates import is_module, parts_of_programs
from bpflint.model.unit import Link, Unit


@pytest.mark.parametrize(
    ("path", "root", "expected"),
    [
        ("probe/src/maps.rs", "probe/src/main.rs", True),
        ("probe/src/net/tcp.rs", "probe/src/main.rs", True),
        ("probe/src/bin/tcp/maps.rs", "probe/src/bin/tcp.rs", True),
        ("probe/src/bin/udp.rs", "probe/src/bin/tcp.rs", False),
        ("probe/src/bin/tcp.rs", "probe/src/main.rs", False),
        ("probe/src/other/src/main.rs", "probe/src/main.rs", False),
        ("probe/src/main.rs", "probe/src/main.rs", False),
        ("other/src/maps.rs", "probe/src/main.rs", False),
    ],
)
def test_a_module_lies_below_its_root_and_is_no_program_itself(path: str, root: str, expected: bool) -> None:
    assert is_module(path, root) is expected


def test_a_program_holds_the_libraries_that_its_crate_depends_on_and_no_other() -> None:
    root = Unit("probe/src/main.rs", "rust", "bpf", links=(Link("source", "shared/src/lib.rs"),))
    names = ("probe/src/maps.rs", "shared/src/lib.rs", "shared/src/maps.rs", "other/src/lib.rs", "other/src/maps.rs")
    units = [root, *(Unit(name, "rust", "bpf") for name in names)]
    assert [unit.path for unit in parts_of_programs([root], units)] == list(names[:3])
