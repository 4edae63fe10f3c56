"""Does the reader give back every kind, in both byte orders, split or not, and find what is asked for?"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from seeds import EVERY_KIND, SPLIT, Seed, ext_blob, new_kind, seeds, with_layout

from bpflint.btf import Btf, BtfError
from bpflint.btf import types as t
from bpflint.btf.encode import encode
from bpflint.btf.ext import CoreRelo, FuncInfo, LineInfo, read_ext
from bpflint.btf.subset import select

ORDERS = pytest.mark.parametrize("order", ["little", "big"])


@ORDERS
def test_every_kind_reads_back_as_it_was_written(order):
    btf = Btf(encode(EVERY_KIND, order))
    assert btf.byte_order == order
    assert tuple(one for _, one in btf.types()) == EVERY_KIND


@ORDERS
def test_the_longer_header_with_a_layout_section_reads_the_same(order):
    assert [one for _, one in Btf(with_layout(encode(EVERY_KIND, order))).types()] == list(EVERY_KIND)


@ORDERS
def test_a_kind_from_the_future_is_stepped_over_when_the_layout_section_tells_its_size(order):
    btf = Btf(new_kind(order))
    assert btf.type(len(EVERY_KIND) + 1) == t.Other(40, "strange", 40 << 24 | 2, 0, (1, 2, 3, 4, 5))
    assert btf.type(len(EVERY_KIND) + 2) == t.Ptr(1)


def test_a_kind_from_the_future_without_a_layout_section_is_an_error():
    with pytest.raises(BtfError, match="kind 40"):
        Btf(encode((t.Other(40, "strange", 40 << 24, 0, ()),)))


@ORDERS
def test_split_ids_and_names_continue_the_base(order):
    base = Btf(encode(EVERY_KIND, order))
    split = Btf(encode(SPLIT, order, base), base)
    first = len(EVERY_KIND) + 1
    assert [one for _, one in split.types()] == list(SPLIT)
    assert split.own_ids() == range(first, first + len(SPLIT))
    assert split.type(6) == EVERY_KIND[5]
    assert split.find("counter") == (21, first + 3)
    assert split.find("node", t.STRUCT) == (6, 34)
    assert split.size(first) == 40
    assert encode(SPLIT, order, base).count(b"counter") == 0


def test_find_gives_every_id_of_a_name_and_the_index_agrees():
    btf = Btf(encode(EVERY_KIND))
    names = [*sorted({btf.name(i) for i in btf.own_ids()} - {""}), "absent", "no"]
    first = btf.find_all(names)
    assert first["node"] == (6, 34)
    assert first["absent"] == first["no"] == ()
    for _ in range(20):
        again = btf.find_all(names)
    assert again == first


@ORDERS
@pytest.mark.parametrize("base", [False, True], ids=["whole", "split"])
def test_find_of_some_kinds_is_find_of_all_without_the_others(order, base):
    inside = Btf(encode(EVERY_KIND, order)) if base else None
    blob = encode(SPLIT, order, inside) if base else encode(EVERY_KIND, order)
    names = ["", "absent", *sorted({Btf(blob, inside).name(i) for i in range(1, len(Btf(blob, inside)))} - {""})]
    every = Btf(blob, inside).find_all(names)
    for kinds in [*((kind,) for kind in range(24)), (t.STRUCT, t.UNION, t.FUNC), tuple(range(128))]:
        btf = Btf(blob, inside)
        wanted = {name: tuple(i for i in ids if btf.kind(i) in kinds) for name, ids in every.items()}
        assert btf.find_all(names, *kinds) == wanted
        assert {name: btf.find(name, *kinds) for name in names} == wanted  # the later ones by the index


def test_a_name_stored_as_the_tail_of_another_is_found():
    blob = encode((t.Typedef("prefix_name", 0), t.Typedef("XY", 0)))
    at = Btf(blob).name_offsets()
    tail = blob.replace(at["XY"].to_bytes(4, "little"), (at["prefix_name"] + 7).to_bytes(4, "little"))
    btf = Btf(tail)
    assert btf.name(2) == "name"
    assert btf.find("name") == (2,)


def test_sizes_and_resolution():
    btf = Btf(encode(EVERY_KIND))
    assert [btf.size(i) for i in (1, 2, 5, 6, 7, 9, 10, 11, 14, 16, 18, 21, 22, 23, 26)] == [
        4, 8, 8, 32, 8, 8, 4, 8, 32, 32, 8, 8, 16, 8, 32,
    ]  # fmt: skip
    assert btf.size(5, pointer=4) == 4
    assert btf.resolve(16) == 6
    for sizeless in (0, 12, 19, 20):
        with pytest.raises(BtfError):
            btf.size(sizeless)


def test_a_selection_holds_what_it_mentions_and_nothing_else():
    btf = Btf(encode(EVERY_KIND))
    small = Btf(encode(select(btf, btf.find("apart"))))
    assert [small.name(i) for i in small.own_ids()] == ["long unsigned int", "char", "apart"]
    small.check()


@ORDERS
@pytest.mark.parametrize("line_size", [16, 24])
def test_ext_gives_functions_lines_and_relocations(order, line_size):
    btf = Btf(encode(EVERY_KIND, order))
    ext = read_ext(ext_blob(order, btf, line_size), btf)
    assert ext.functions == (FuncInfo("entry", 0, 20),)
    assert ext.lines == (LineInfo("entry", 0, "note", "note", 7, 3),)
    assert ext.relocations == (CoreRelo("entry", 8, 6, "node_t", 0),)


@pytest.mark.parametrize("seed", seeds(), ids=lambda seed: seed.name)
def test_seeds_are_sound(seed: Seed):
    Btf(seed.data, Btf(seed.base) if seed.base else None).check()
