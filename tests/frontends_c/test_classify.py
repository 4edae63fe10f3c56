"""Which files are programs by their name, and which short ones are a variant of a program that a header holds?"""

from __future__ import annotations

import pytest

from bpflint.frontends.c.classify import mode_of, roots

PROGRAM = b'#include <bpf/bpf_helpers.h>\nSEC("xdp") int on_packet(void *ctx) { return 2; }\n'


@pytest.mark.parametrize(
    ("text", "mode"),
    [
        (b'#define IPV6\n#include "tags.h"\n', "bpf"),
        (b'#include "tags.h"\nint main(void) { return 0; }\n', None),
        (b'#include "tags.h"\n#include <stdio.h>\nvoid tell(void) { puts("tag"); }\n', None),
    ],
)
def test_a_short_file_that_includes_a_header_of_programs(text: bytes, mode: str | None) -> None:
    """The C library is none of a program's: another header of that name is meant."""
    found = dict(roots({"user/tags.c": text}, {"kernel/tags.h": PROGRAM}))
    assert found.get("user/tags.c") == mode


OWN_MACROS = b'/* the main (slow) path */\n#include <errno.h>\nPROBE(open) { return bpf_count(); }\n'
LOADER = b"#include <stdio.h>\nint main(void) { return bpf_start(); }\n"


@pytest.mark.parametrize(
    ("path", "text", "mode"),
    [
        ("open.bpf.c", OWN_MACROS, "bpf"), ("open_kern.c", OWN_MACROS, "bpf"), ("open_bpf.c", OWN_MACROS, "bpf"),
        ("open.bpf.c", b"#include <stdio.h>\n" + OWN_MACROS, "bpf"),
        ("load_bpf.c", LOADER, None), ("a.c", OWN_MACROS, None),
    ],
)  # fmt: skip
def test_a_program_by_its_name(path: str, text: bytes, mode: str | None) -> None:
    """What a header of the project's own gives is not in the file; a loader may be named after the program."""
    assert mode_of(path, text) == mode
