"""Which meetings does the byte-order analysis write down, and on which is it silent?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bpflint import facts
from bpflint.analysis import byte_order
from bpflint.analysis.byte_order import Compared, Computed, Functions, Meeting, Passed, Returned, Stored, Swapped
from bpflint.api import Job, Settings
from bpflint.frontends.c import CFrontEnd

_HEAD = """
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/udp.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
struct own { __be16 port; __u16 plain; __u32 wide; };
static __u16 to_host(__be16 x) { return bpf_ntohs(x); }
static int takes(__be16 port) { return port == bpf_htons(80); }
"""
_BODY = """
SEC("xdp") int prog(
    struct __sk_buff *skb, struct ethhdr *eth, struct iphdr *ip, struct udphdr *udp, struct own *own, int n)
{
%s
    return 0;
}
"""
Meet = Callable[[str], list[Meeting]]


@pytest.fixture
def meet(tmp_path: Path) -> Meet:
    """Return the meetings of a body of `prog`."""

    def run(body: str) -> list[Meeting]:
        (tmp_path / "prog.bpf.c").write_text(_HEAD + _BODY % body)
        settings = Settings(root=tmp_path)
        unit = CFrontEnd().load(Job("c", "prog.bpf.c", "bpf"), settings).units[0]
        assert not unit.problems, unit.problems
        table = facts.field_orders()
        known = Functions.of(unit.functions, table)
        function = next(item for item in unit.functions if item.name == "prog")
        return list(byte_order.meetings(function, known))

    return run


def _only(found: list[Meeting], kind: type[Meeting]) -> list[Meeting]:
    return [item for item in found if isinstance(item, kind)]


@pytest.mark.parametrize(
    "body",
    [
        "if (eth->h_proto == bpf_htons(ETH_P_IP)) return 1;",
        "__u16 p = eth->h_proto; if (p == __bpf_constant_htons(ETH_P_IP)) return 1;",
        "switch (eth->h_proto) { case bpf_htons(ETH_P_IP): return 1; }",
        "if ((__u32)ip->saddr == bpf_htonl(0x7f000001)) return 1;",
        "__u16 p = 0; if (n) p = udp->dest; else p = bpf_htons(80); if (p == udp->source) return 1;",
    ],
)
def test_one_order_on_both_sides(meet: Meet, body: str) -> None:
    """A conversion, a cast of the same width and a local keep the order."""
    found = [item for item in _only(meet(body), Compared) if isinstance(item, Compared)]
    assert found
    assert all(item.left.order == item.right.order == "network" for item in found if item.left_text != "n")


@pytest.mark.parametrize(
    "body",
    [
        "if (bpf_ntohs(udp->dest) == udp->source) return 1;",
        "__u16 p = to_host(udp->dest); if (p == udp->source) return 1;",
        "if (skb->local_port == udp->dest) return 1;",
        "__u32 p = skb->local_port; __u16 q = udp->dest; if (p == q) return 1;",
    ],
)
def test_orders_differ(meet: Meet, body: str) -> None:
    """Through a conversion, a function's result, the table of fields, and locals."""
    found = [item for item in meet(body) if isinstance(item, Compared)]
    assert {(item.left.order, item.right.order) for item in found} <= {("host", "network"), ("network", "host")}
    assert found


@pytest.mark.parametrize(
    "body",
    [
        "__u16 p = udp->dest; if (n) p = bpf_ntohs(p); if (p == udp->source) return 1;",
        "__u32 h = ip->saddr ^ ip->daddr; if (h == ip->saddr) return 1;",
        "__u8 low = ip->saddr & 0xff; if (low == udp->dest) return 1;",
        "__u16 p = (__u16)ip->saddr; if (p == bpf_ntohs(udp->dest)) return 1;",
        "__u16 p = udp->dest; takes(p); p = own->plain; if (p == bpf_ntohs(udp->dest)) return 1;",
    ],
)
def test_what_it_cannot_know(meet: Meet, body: str) -> None:
    """Paths that disagree, mixed bits, bytes, narrowing, and plain fields."""
    found = [item for item in meet(body) if isinstance(item, Compared)]
    assert found
    assert all("unknown" in (item.left.order, item.right.order) for item in found if item.left_text != "n")


def test_a_swap_knows_its_operand(meet: Meet) -> None:
    """Width, direction by name, and what the operand was."""
    swaps = [item for item in meet("__u32 x = bpf_ntohl(udp->dest); own->wide = x;") if isinstance(item, Swapped)]
    assert [(item.callee, item.direction, item.width, item.operand.width) for item in swaps] == [
        ("bpf_ntohl", "to-host", 32, 16)
    ]


def test_a_nested_conversion_has_its_own_name(meet: Meet) -> None:
    """The macro inside the argument of another one is not taken for it."""
    found = meet("ip->tot_len = bpf_htons(bpf_ntohs(ip->tot_len) - 20);")
    assert {(item.callee, item.operand.order) for item in found if isinstance(item, Swapped)} == {
        ("bpf_htons", "host"), ("bpf_ntohs", "network"),
    }  # fmt: skip
    assert [item.left.order for item in found if isinstance(item, Computed)] == ["host"]


def test_wrong_name_right_value_is_unknown(meet: Meet) -> None:
    """`htons` of a big-endian field gives a host value or was meant to swap back: nobody can tell."""
    stores = [item for item in meet("own->plain = bpf_htons(udp->dest);") if isinstance(item, Stored)]
    assert [item.value.order for item in stores] == ["unknown"]


@pytest.mark.parametrize("name", ["bpf_htons", "bpf_ntohs"])
def test_a_swap_of_an_unknown_value_is_unknown(meet: Meet, name: str) -> None:
    """Both do the same to bytes that were read from a stream: the name is kept, and is no order."""
    stores = [item for item in meet(f"__u16 x = {name}(n); own->plain = x;") if isinstance(item, Stored)]
    direction = "to-network" if "hton" in name else "to-host"
    assert [(item.value.order, item.value.named) for item in stores] == [("unknown", direction)] * 2


def test_stores_arguments_and_masks(meet: Meet) -> None:
    """The place's own order, a parameter's type, and what is mixed on purpose."""
    found = meet("ip->tot_len = n; takes(bpf_ntohs(udp->dest)); __u32 hash = ip->saddr + 1; own->wide = hash;")
    stored = [item for item in found if isinstance(item, Stored) and item.record == "iphdr"]
    assert [(item.member, item.target.order, item.target.source) for item in stored] == [
        ("tot_len", "network", "table")
    ]
    assert [(item.parameter, item.value.order) for item in found if isinstance(item, Passed)] == [("port", "host")]
    assert [item.mixing for item in found if isinstance(item, Computed)] == [True]
    assert not [item for item in found if isinstance(item, Returned)]


@pytest.mark.parametrize(
    ("value", "width", "other"), [(0x0800, 16, 0x0008), (0x7F000001, 32, 0x0100007F), (1, 64, 1 << 56)]
)
def test_swapped(value: int, width: int, other: int) -> None:
    """Bytes the other way round, twice gives the value again."""
    assert byte_order.swapped(value, width) == other
    assert byte_order.swapped(other, width) == value
