"""Does each character of C text inside Python know where it stands in the file?"""

from __future__ import annotations

import pytest

from bpflint.frontends.python.fragments import Texts
from bpflint.frontends.python.module import Module


def place_of(source: str, wanted: str, *, last: bool = False) -> tuple[int, int]:
    """Return (line, column) in the file of the first character of `wanted` in the text given to BPF()."""
    module = Module("u.py", source.encode())
    ((_, found),) = Texts(module, last).calls
    assert found is not None
    at = found.text.index(wanted)
    start, line, column = [item for item in found.places() if item[0] <= at][-1]
    return line, column + at - start


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('BPF(text="int x; MARK")', (2, 18)),
        ('BPF(text="a\\nb MARK")', (2, 16)),
        ('BPF(text="\\x41\\t MARK")', (2, 18)),
        ('BPF(text=r"a\\n MARK")', (2, 16)),
        ('BPF(text="a\\\nb MARK")', (3, 3)),
        ('BPF(text="""a\n\n  MARK""")', (4, 3)),
        ('BPF(text="a" "b MARK")', (2, 17)),
        ("BPF(text='a'\n    'b MARK')", (3, 8)),
        ('BPF(text="é MARK")', (2, 13)),
        ('BPF(text="a TAG b".replace("TAG", "MARK"))', (2, 36)),
        ('BPF(text="TAG MARK".replace("TAG", "x\\n"))', (2, 15)),
        ('BPF(text="%d MARK" % 3)', (2, 14)),
        ('BPF(text="{0} {{ MARK".format(3))', (2, 18)),
        ('N = 4\nBPF(text=f"c{N} MARK")', (3, 17)),
        ('N = 4\nBPF(text=f"""\nint c{N};\n\n  MARK""")', (6, 3)),
        ('t = "a"\nt += " MARK"\nBPF(text=t)', (3, 8)),
        ('t = {"k": "MARK"}\nBPF(text="a {k} {{".format(**t))', (2, 12)),
        ('t = {"k": ""}\nt["k"] = "MARK"\nBPF(text="a %(k)s %(n)d" % t)', (3, 11)),
        ('BPF(text="a %(k)s" % {"k": "MARK"})', (2, 29)),
    ],
)
def test_the_place_of_a_character(source: str, expected: tuple[int, int]) -> None:
    assert place_of("from bcc import BPF\n" + source, "MARK") == expected


def test_both_branches_are_texts_of_their_own() -> None:
    source = "from bcc import BPF\nif wide:\n    t = 'u64 MARK'\nelse:\n    t = 'u32 MARK'\nBPF(text=t)\n"
    assert place_of(source, "MARK") == (3, 14)
    assert place_of(source, "MARK", last=True) == (5, 14)


def test_what_only_the_run_knows_is_a_number_or_nothing() -> None:
    source = 'from bcc import BPF\nt = "if (pid != %s) {}\\nFILTER\\n" % args.pid\n'
    source += 'BPF(text=t.replace("FILTER", make()))\n'
    ((_, found),) = Texts(Module("u.py", source.encode()), False).calls
    assert found is not None
    assert found.text == "if (pid != 0) {}\n\n"


def test_a_constant_in_an_f_string_is_folded() -> None:
    source = 'from bcc import BPF\nN = 4\nBPF(text=f"BPF_HASH(c{N}, u32, u64);")\n'
    ((_, found),) = Texts(Module("u.py", source.encode()), False).calls
    assert found is not None
    assert found.text == "BPF_HASH(c4, u32, u64);"
