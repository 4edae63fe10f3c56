"""Which `#if` chains count as an architecture's own?"""

from __future__ import annotations

import pytest

from bpflint.frontends.c.conditions import architecture_regions, conditions


def regions(text: str) -> list[str]:
    data = text.encode()
    return [data[start:end].decode() for start, end in architecture_regions(data)]


@pytest.mark.parametrize(
    "text",
    [
        "#ifdef __TARGET_ARCH_x86\nint a;\n#endif",
        "#if defined(bpf_target_arm64)\n#else\nint a;\n#endif",
        "#if A\n#elif defined(__aarch64__)\nint a;\n#endif",
        "# if defined(A) && \\\n defined(__s390x__)\n#endif",
    ],
)
def test_a_chain_that_names_an_architecture_is_one(text: str) -> None:
    assert regions(f"int b;\n{text}\nint c;\n") == [text]


@pytest.mark.parametrize("text", ["#ifndef ALARM_H\n#endif", "#if HARMLESS\n#endif", "#endif\n#if x86", "#else"])
def test_other_conditions_and_broken_ones_are_none(text: str) -> None:
    assert regions(text) == []


def test_the_inner_chain_is_found_inside_an_include_guard() -> None:
    assert regions("#ifndef H\n#ifdef __x86_64__\n#endif\n#endif") == ["#ifdef __x86_64__\n#endif"]


def test_conditions_begin_at_their_word() -> None:
    text = b"#ifdef A\nint a;\n#else\n# if B\n#endif\n#endif\nint b;"
    assert [text[at : at + 4] for at in conditions(text)] == [b"ifde", b"if B"]
