"""Which files show that a project raises the memlock limit, or that it is a program?"""

from __future__ import annotations

import pytest

from bpflint.model.traces import traces


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("limit.go", b"package limit\nfunc init() { rlimit.RemoveMemlock() }"),
        ("src/limit.rs", b"unsafe { libc::setrlimit(libc::RLIMIT_MEMLOCK, &all) }"),
        ("limit.h", b"static int up(void) { return setrlimit(RLIMIT_MEMLOCK, &all); }"),
    ],
)
def test_the_limit_is_raised(path: str, data: bytes) -> None:
    assert traces([(path, data)]) == {"memlock": path}


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("names.c", b"case RLIMIT_MEMLOCK: return \"memlock\";"),  # C names it wherever it decodes system calls
        ("libbpf/src/libbpf.c", b"setrlimit(RLIMIT_MEMLOCK, &rlim);"),
        ("vendor/x/rlimit.go", b"func RemoveMemlock() error"),
        ("cmd/gen/gen.go", b"package gen\nfunc main() {}"),
        ("examples/x/main.go", b"package main\nfunc main() {}"),
    ],
)
def test_nothing_is_shown(path: str, data: bytes) -> None:
    assert traces([(path, data)]) == {}


def test_an_entry_is_seen() -> None:
    assert traces([("main.go", b"// Command x.\npackage main\n")]) == {"program": "main.go"}
    assert traces([("src/main.rs", b"#[tokio::main]\nasync fn main() {}\n")]) == {"program": "src/main.rs"}
