"""Where does a dotted member lie in a record? Apart from any body that is walked."""

from __future__ import annotations

import pytest

from bpflint.analysis.abi import abi
from bpflint.analysis.regions import Layouts
from bpflint.model.layout import Bits, Codec, Member, RecordDecl, Scalar

U32 = Scalar(("__u32",), Bits(32))
U64 = Scalar(("__u64",), Bits(64))
INNER = RecordDecl("inner", "struct", (Member("a", U32), Member("b", U64)), "c", Codec.C)
ANONYMOUS = RecordDecl("", "union", (Member("x", U32), Member("y", U64)), "c", Codec.C)
OUTER = RecordDecl(
    "outer", "struct",
    (Member("first", U32), Member("in", INNER), Member("bits", U32, bit_width=Bits(3)), Member("", ANONYMOUS)),
    "c", Codec.C,
)  # fmt: skip


@pytest.mark.parametrize(
    ("path", "offset", "type_"),
    [("", 0, OUTER), ("first", 0, U32), ("in", 64, INNER), ("in.a", 64, U32), ("in.b", 128, U64), ("y", 256, U64)],
)
def test_a_member_is_found_at_its_offset(path: str, offset: int, type_: object) -> None:
    assert Layouts(abi("bpfel")).inside(OUTER, path) == (offset, type_)


@pytest.mark.parametrize("path", ["bits", "missing", "in.missing", "first.a"])
def test_a_bitfield_and_what_is_not_there_have_no_place(path: str) -> None:
    assert Layouts(abi("bpfel")).inside(OUTER, path) is None


def test_of_an_unknown_type_only_the_whole_is_known() -> None:
    assert Layouts(abi("bpfel")).inside(None, "") == (0, None)
    assert Layouts(abi("bpfel")).inside(None, "a") is None
