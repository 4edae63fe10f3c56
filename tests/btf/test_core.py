"""What do CO-RE relocations come to, outcome by outcome, in words; and what may types made to harm us do?"""

from __future__ import annotations

import time

import pytest

from bpflint.btf import Btf
from bpflint.btf import types as t
from bpflint.btf.core.apply import Applied, apply
from bpflint.btf.core.names import essential
from bpflint.btf.core.resolve import Resolution, Resolver
from bpflint.btf.encode import encode
from bpflint.btf.ext import CORE_KINDS, CoreRelo

INT, LONG, SHORT = t.Int("int", 4, 32, 0, 1), t.Int("long", 8, 64, 0, 1), t.Int("unsigned short", 2, 16, 0, 0)


def record(name: str, *members: tuple[str, int, int], size: int = 64, keyword: str = "struct") -> t.Composite:
    made = tuple(t.Member(member, type_id, offset * 8, 0) for member, type_id, offset in members)
    return t.Composite("union" if keyword == "union" else "struct", name, size, made)


def one(
    local: tuple[t.BtfType, ...], target: tuple[t.BtfType, ...], type_id: int, access: str = "0:0",
    kind: str = "field_byte_offset",
) -> Resolution:  # fmt: skip
    relo = CoreRelo("raw_tp", 0, type_id, access, CORE_KINDS.index(kind))
    return Resolver(Btf(encode(local)), Btf(encode(target))).resolve(relo)


SOCK = (INT, record("sock_common", ("num", 1, 4)), record("sock", ("__common", 2, 8)))


def told(found: Resolution) -> tuple[str, str, str, int | None]:
    return found.words, found.outcome, found.why, found.after.number if found.after else None


@pytest.mark.parametrize(
    ("target", "outcome", "why", "number"),
    [
        (SOCK, "resolved", "", 12),
        ((*SOCK[:2], record("sock", ("more", 1, 0), ("__common", 2, 16))), "resolved", "", 20),
        ((LONG, *SOCK[1:]), "changed", "4 bytes -> 8 bytes", 12),
        ((t.Int("u", 4, 32, 0, 0), *SOCK[1:]), "changed", "signed -> unsigned", 12),
        ((INT, record("other", ("num", 1, 4))), "missing-type", "no struct sock", None),
        ((INT, t.Fwd("struct", "sock")), "missing-type", "no struct sock", None),
        ((INT, record("sock", ("num", 1, 4))), "missing-field", "no struct sock.__common", None),
        ((INT, record("sock_common"), SOCK[2]), "missing-field", "no struct sock.__common.num", None),
        ((INT, record("sock", ("__common", 1, 4))), "incompatible", "struct sock.__common is of another kind of type",
         None),
        ((t.Ptr(0), *SOCK[1:]), "incompatible", "struct sock.__common.num is of another kind of type", None),
        ((*SOCK, record("sock___2", ("__common", 2, 8))), "resolved", "", 12),
        ((*SOCK, record("sock", ("__common", 2, 12))), "ambiguous", "2 types of that name differ", 12),
        ((*SOCK, record("sock", ("nothing", 2, 12))), "resolved", "", 12),
    ],
)  # fmt: skip
def test_a_nested_field_on_many_kernels(target, outcome, why, number):
    found = one(SOCK, target, 3, "0:0:0")
    assert told(found) == ("struct sock.__common.num", outcome, why, number)
    assert found.fatal == (outcome == "ambiguous")
    assert found.poisoned == (number is None)


def test_a_record_without_a_name_may_be_on_either_side():
    plain = (INT, record("s", ("a", 1, 0), ("b", 1, 4)))
    wrapped = (INT, record("", ("b", 1, 4), keyword="union"), record("s", ("", 2, 16), ("a", 1, 0)))
    assert told(one(plain, wrapped, 2, "0:1")) == ("struct s.b", "resolved", "", 20)
    assert told(one(wrapped, plain, 3, "0:0:0")) == ("struct s.b", "resolved", "", 4)


def test_elements_are_looked_for_within_the_kernels_array_unless_it_is_the_flexible_end():
    def types(length: int, *after: tuple[str, int, int]) -> tuple[t.BtfType, ...]:
        return (INT, t.Array(1, 1, length), record("s", ("a", 2, 8), *after))

    assert told(one(types(8), types(8), 3, "0:0:5")) == ("struct s.a[5]", "resolved", "", 28)
    assert told(one(types(8), types(4), 3, "0:0:5")) == ("struct s.a[5]", "missing-field", "no struct s.a[5]", None)
    assert told(one(types(8), types(0), 3, "0:0:5"))[1:] == ("resolved", "", 28)
    assert told(one(types(8), types(0, ("b", 1, 8)), 3, "0:0:5"))[1] == "missing-field"


def test_existence_and_size_are_answers_and_never_poison():
    gone = (INT, record("other"))
    for kind, access in (("field_exists", "0:0:0"), ("type_exists", "0"), ("type_size", "0"), ("type_matches", "0")):
        found = one(SOCK, gone, 3, access, kind)
        assert (found.outcome, found.after and found.after.number, found.poisoned) == ("missing-type", 0, False)
    assert one(SOCK, SOCK, 3, "0", "type_size").after == (64, 0, 0, True)
    assert one(SOCK, SOCK, 3, "0:0:0", "field_exists").after == (1, 0, 0, True)


def test_values_are_found_by_name_in_either_kind_of_enumeration():
    def colours(wide: bool, *values: tuple[str, int]) -> tuple[t.BtfType, ...]:
        return (t.Enum("colour", 8, tuple(t.Enumerator(*v) for v in values), wide=wide),)

    local = colours(False, ("RED", 1), ("BLUE___old", 2))
    kernel = colours(True, ("NEW", 0), ("BLUE", 1 << 40))
    assert told(one(local, kernel, 1, "1", "enumval_value")) == ("enum colour::BLUE___old", "resolved", "", 1 << 40)
    assert told(one(local, kernel, 1, "0", "enumval_value")) == ("enum colour::RED", "missing-value",
                                                                 "no enum colour::RED", None)  # fmt: skip
    assert one(local, kernel, 1, "0", "enumval_exists").after == (0, 0, 0, True)
    assert one(local, kernel, 1, "2", "enumval_exists").outcome == "refused"


UNSIGNED = t.Int("unsigned", 4, 32, 0, 0)
E, E_OLD, E_WIDE = (t.Enum(n, s, (t.Enumerator("A", 1),)) for n, s in (("e", 4), ("e___old", 4), ("", 8)))


@pytest.mark.parametrize(
    ("mine", "theirs", "fits", "matches"),
    [
        ((INT,), (INT,), True, True),
        ((INT,), (UNSIGNED,), True, False),
        ((INT,), (t.Int("int", 8, 64, 0, 1),), True, False),
        ((INT,), (t.Int("int", 4, 32, 0, 0),), True, False),
        ((INT,), (t.Int("int", 4, 5, 3, 1),), False, True),
        ((t.Float("double", 8),), (t.Float("float", 4),), True, False),
        ((t.Ptr(2), INT), (t.Ptr(2), UNSIGNED), True, False),
        ((t.Ptr(2), INT), (t.Ptr(0),), True, False),
        ((t.Ptr(0),), (t.Ptr(0),), True, True),
        ((t.Array(2, 2, 2), INT), (t.Array(2, 2, 3), INT), True, False),
        ((t.Array(2, 2, 2), INT), (t.Array(2, 2, 2), t.Ptr(0)), False, False),
        ((E,), (E_OLD,), True, True),
        ((E,), (E_WIDE,), True, False),
        ((E,), (t.Enum("other", 4, (t.Enumerator("A", 1),)),), False, False),
        ((E,), (t.Enum("e", 4, (t.Enumerator("B", 1),)),), True, False),
        ((E,), (t.Enum("e", 4, (t.Enumerator("A", 1),), wide=True),), True, True),
        ((record("r"),), (record("r", keyword="union"),), True, False),
        ((record("r"),), (record("q"),), True, False),
        ((record("r", ("a", 2, 0)), INT), (record("r", ("b", 2, 0), ("a", 2, 4)), INT), True, True),
        ((record("r", ("a", 2, 0)), INT), (record("r", ("b", 2, 0), ("a", 3, 4)), INT, UNSIGNED), True, False),
        ((t.Ptr(2), record("r", ("a", 1, 0))), (t.Ptr(2), record("r")), True, True),
        ((t.Ptr(2), t.Fwd("struct", "r")), (t.Ptr(2), record("r")), True, True),
        ((t.Ptr(2), record("r")), (t.Ptr(2), t.Fwd("union", "r")), True, False),
        ((t.Ptr(2), t.FuncProto(3, (t.Param("", 3),)), INT), (t.Ptr(2), t.FuncProto(0, (t.Param("", 3),)), INT), True,
         False),
        ((t.Ptr(2), t.FuncProto(3, (t.Param("", 3),)), INT), (t.Ptr(2), t.FuncProto(3, (t.Param("", 3),)), INT), True,
         True),
        ((t.Qualifier("const", 2), t.Typedef("number", 3), INT), (INT,), True, True),
    ],
)  # fmt: skip
def test_a_member_that_fits_is_read_and_one_that_matches_is_the_same(mine, theirs, fits, matches):
    def holder(types: tuple[t.BtfType, ...]) -> tuple[t.BtfType, ...]:
        return (*types, record("holder", ("m", 1, 0)))

    local, kernel = holder(mine), holder(theirs)
    assert (one(local, kernel, len(local)).outcome in ("resolved", "changed")) == fits
    found = one(local, kernel, len(local), "0", "type_matches")
    assert (found.after and found.after.number) == matches


@pytest.mark.parametrize("order", ["little", "big"])
def test_a_bitfield_is_loaded_by_the_smallest_aligned_number_that_holds_it(order):
    bits = t.Composite("struct", "s", 8, (t.Member("low", 1, 30, 2), t.Member("wide", 1, 30, 7)), kind_flag=True)
    blob = Btf(encode((INT, bits), order))
    for member, answers in ((0, (0, 4, 1, 32, 62)), (1, (0, 8, 1, 27, 57))):
        asked = ("field_byte_offset", "field_byte_size", "field_signed", "field_lshift_u64", "field_rshift_u64")
        found = [Resolver(blob, blob).resolve(CoreRelo("x", 0, 2, f"0:{member}", CORE_KINDS.index(k))) for k in asked]
        numbers = [item.after.number for item in found if item.after]
        left = answers[3] if order == "little" else (8 - answers[1]) * 8 + 30
        assert numbers == [*answers[:3], left, answers[4]]


def test_candidates_that_did_not_match_once_are_not_asked_again():
    # libbpf narrows the list for the relocations that follow, so the order of an object's relocations decides
    local = Btf(encode((INT, record("s", ("only_here", 1, 0), ("both", 1, 4)))))
    kernel = Btf(encode((INT, record("s", ("only_here", 1, 0), ("both", 1, 8)), record("s", ("both", 1, 4)))))
    first, second = CoreRelo("x", 0, 2, "0:0", 0), CoreRelo("x", 8, 2, "0:1", 0)
    assert Resolver(local, kernel).resolve(second).outcome == "ambiguous"
    narrowed = Resolver(local, kernel)
    assert [narrowed.resolve(relo).outcome for relo in (first, second)] == ["resolved", "resolved"]


def test_a_load_follows_the_field_where_no_sign_would_be_lost():
    def load(local: t.BtfType, target: t.BtfType, opcode: int) -> Applied:
        found = one((local, record("s", ("a", 1, 8))), (target, record("s", ("a", 1, 16))), 2)
        return apply(found, bytes((opcode, 0x10, 8, 0, 0, 0, 0, 0)), "little")

    unsigned = t.Int("u", 4, 32, 0, 0)
    assert load(INT, INT, 0x61) == ("patched", 16, 0)
    assert load(unsigned, SHORT, 0x61) == ("patched", 16, 2)
    assert load(unsigned, SHORT, 0x79) == ("refused", 0, 0)  # the instruction reads eight bytes, not the field's four
    assert load(INT, LONG, 0x61) == ("poisoned", 0, 0)
    assert load(INT, t.Ptr(0), 0x61) == ("poisoned", 0, 0)  # incompatible
    assert apply(one(SOCK, SOCK, 3, "0:0:0"), bytes((0x61, 0x10, 8, 0, 0, 0, 0, 0)), "little") == ("refused", 0, 0)
    assert load(INT, INT, 0x85) == ("refused", 0, 0)


@pytest.mark.parametrize(
    ("name", "plain"),
    [("sock", "sock"), ("sock___old", "sock"), ("a___b___c", "a___b"), ("a____b", "a____b"), ("a___", "a___"),
     ("___a", "___a"), ("a_____b", "a_____b"), ("", "")],
)  # fmt: skip
def test_a_flavor_is_what_follows_the_last_three_underscores(name, plain):
    assert essential(name) == plain


@pytest.mark.parametrize("access", ["", ":", "0:", "0::1", "-1", "0:9", "0:0:0:0", "x", "9" * 5000, "0" + ":0" * 64])
def test_a_path_that_leads_nowhere_is_refused_in_one_line(access):
    found = one(SOCK, SOCK, 3, access)
    assert found.outcome == "refused"
    assert 0 < len(found.why) < 200


@pytest.mark.parametrize("kind", range(15))
@pytest.mark.parametrize("type_id", [0, 1, 4, 1 << 31])
def test_ids_and_kinds_that_do_not_exist_are_outcomes(kind, type_id):
    found = Resolver(Btf(encode(SOCK)), Btf(encode(SOCK))).resolve(CoreRelo("x", 0, type_id, "0", kind))
    assert found.outcome in ("refused", "resolved", "changed")


def entangled() -> dict[str, tuple[t.BtfType, ...]]:
    """Records, prototypes and typedefs inside each other so often that looking at all of it would never end."""
    itself = t.Composite("struct", "s", 8, (t.Member("", 1, 0, 0), t.Member("", 1, 0, 0), t.Member("a", 2, 0, 0)))
    named = t.Composite("struct", "s", 8, tuple(t.Member(n, 2 - (n != "a"), 0, 0) for n in "xyzxa"))
    proto = t.FuncProto(3, (t.Param("", 3), t.Param("", 3), t.Param("", 3)))
    return {
        "unnamed": (itself, INT),
        "named": (named, INT),
        "prototypes": (t.Typedef("s", 3), INT, t.Ptr(4), proto),
        "typedefs": (t.Typedef("s", 1), INT),
        "arrays": (t.Typedef("s", 3), INT, t.Array(3, 2, 2)),
    }


@pytest.mark.parametrize("why", entangled())
def test_entangled_types_end_soon(why):
    start = time.process_time()
    btf = Btf(encode(entangled()[why]))
    resolver = Resolver(btf, btf)
    for kind in range(len(CORE_KINDS)):
        for access in ("0", "0:0", "0:0:0", "0:1:1", "0:2", "0:9"):
            resolver.resolve(CoreRelo("x", 0, 1, access, kind))
    assert time.process_time() - start < 20


def doubling(name: str, depth: int, leaf: t.BtfType) -> tuple[t.BtfType, ...]:
    """Records that each hold the one before twice under one name, the last of them called `s`."""
    made: list[t.BtfType] = [leaf]
    for place in range(1, depth + 1):
        members = tuple(t.Member(name, place, 0, 0) for _ in range(2))
        made.append(t.Composite("union", "s" if place == depth else "", 8, members))
    return tuple(made)


@pytest.mark.parametrize(("name", "kind", "access"), [("", "field_exists", "0:0"), ("m", "type_matches", "0")])
def test_what_doubles_at_each_level_is_given_up_soon_and_for_good(name, kind, access):
    kernel = Btf(encode(doubling(name, 30, LONG)))
    local = Btf(encode(doubling("m", 30, INT)))
    resolver, start = Resolver(local, kernel), time.process_time()
    for _ in range(1000):
        found = resolver.resolve(CoreRelo("x", 0, 31, access, CORE_KINDS.index(kind)))
        assert (found.outcome, "entangled" in found.why) == ("refused", True)
    assert time.process_time() - start < 20
