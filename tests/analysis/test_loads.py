"""Which program does a skeleton, an object or a source name mean?"""

from __future__ import annotations

from typing import Literal

import pytest

from bpflint.analysis.loads import means
from bpflint.model.unit import Link, Unit

Kind = Literal["skeleton", "object", "source", "inline"]


@pytest.mark.parametrize(
    ("kind", "name", "path", "wanted"),
    [
        ("skeleton", "open_snoop", "src/open-snoop.bpf.c", True),
        ("skeleton", "probe", "src/probe_kern.c", True),
        ("skeleton", "probe", "src/probe_user.c", False),
        ("skeleton", "probe_bpf", "src/probe.bpf.c", True),
        ("object", "build/probe.bpf.o", "src/probe.bpf.c", True),
        ("object", "probe_bpf.o", "probe.c", True),
        ("object", "probe.o", "bpf/probe.bpf.o", True),
        ("object", "probes.o", "probe.bpf.c", False),
        ("object", "probe.o.zst", "probe.bpf.c", False),
        ("source", "bpf/probe.c", "kernel/probe.c", True),
        ("source", "probe.c", "probe.bpf.c", False),
        ("inline", "tool.py#1", "tool.py#1", True),
        ("inline", "tool.py#1", "tool.py#2", False),
    ],
)
def test_a_link_means_a_program_by_what_their_names_have_in_common(
    kind: Kind, name: str, path: str, wanted: bool
) -> None:
    assert means(Link(kind, name), Unit(path, "c", "bpf")) is wanted
