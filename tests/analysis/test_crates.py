"""Which Rust files make one program together?"""

from __future__ import annotations

import pytest

from bpflint.analysis.crates import is_module


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
