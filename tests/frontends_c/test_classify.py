"""Which short files are a variant of a program that a header holds?"""

from __future__ import annotations

import pytest

from bpflint.frontends.c.classify import roots

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
