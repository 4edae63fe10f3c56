"""Are the fields that a record's text names those of its BTF, and is a text that is none refused?"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bpflint.btf import Btf
from bpflint.btf import types as t
from bpflint.kernels.embedded import default_kernel
from bpflint.kernels.members import fields_in, members_in
from bpflint.kernels.pack import shipped
from bpflint.kernels.unpack import btf_of
from bpflint.model.errors import BpflintError


def by_btf(btf: Btf, type_id: int, prefix: str = "", base: int = 0) -> Iterator[tuple[str, int, int]]:
    """The fields of a record by its types: those of an unnamed record in it too."""
    one = btf.type(type_id) if type_id else None
    while isinstance(one, t.Qualifier):
        one = btf.type(one.type) if one.type else None
    for item in one.members if isinstance(one, t.Composite) else ():
        path = ".".join(word for word in (prefix, item.name) if word)
        if item.name:
            yield path, base + item.offset, item.bits
        inner, kind = item.type, btf.kind(item.type)
        while kind in (t.CONST, t.VOLATILE, t.RESTRICT):
            found = btf.type(inner)
            inner = found.type if isinstance(found, t.Qualifier) else 0
            kind = btf.kind(inner)
        if kind in (t.STRUCT, t.UNION) and not btf.name(inner):
            yield from by_btf(btf, inner, path, base + item.offset)


@pytest.mark.parametrize("kernel", [default_kernel(), shipped().kernels[0]], ids=str)
def test_every_record_of_a_kernel_has_the_fields_of_its_btf(kernel) -> None:
    records = [line for line in shipped().declarations(kernel) if line.kind in "su"]
    assert len(records) > 5000
    for line in records[::7]:
        btf = Btf(btf_of([line], "little"))
        (found,) = btf.find(line.name, t.STRUCT if line.kind == "s" else t.UNION)
        assert list(fields_in(line.text)) == list(by_btf(btf, found)), line.name


def test_offsets_are_counted_from_the_member_before() -> None:
    text = "24 a:int@0;:{8 b:~u32@0;c:~u32@32/3}@64;d:'v<4 e:int@0;f:!{4 X=1;Y=2}@0>@32;g:*{8 h:int@0}@64;i:char@-8"
    assert list(fields_in(text)) == [
        ("a", 0, 0), ("b", 64, 0), ("c", 96, 3), ("d", 96, 0), ("d.e", 96, 0), ("d.f", 96, 0), ("g", 160, 0),
        ("i", 152, 0),
    ]  # fmt: skip


def test_a_record_without_members_has_no_field() -> None:
    assert list(fields_in("0 ")) == []


@pytest.mark.parametrize("text", ["a", "a:int", "a:int@", "a:int@x", "a:{4 b:int@0@0", "a:int@0;"])
def test_a_text_that_is_none_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        list(members_in(text))


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("s", "x a:int@0"),
        ("s", "4 a:int)@0"),
        ("s", "4 a:*{4 b:int@0@0"),
        ("t", "*int;"),
        ("f", "(int|a:int"),
        ("q", "4"),
    ],
)
def test_a_line_that_is_none_is_one_clear_error(kind: str, text: str) -> None:
    line = next(iter(shipped().lookup("list_head")))
    with pytest.raises(BpflintError, match=r"^kernel types: `(odd|int\)|int;|\(int\|a:int)`: "):
        btf_of([type(line)(kind, "odd", text, line.kernels)], "little")
