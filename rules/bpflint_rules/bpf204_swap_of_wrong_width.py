"""BPF204: does a conversion swap more or fewer bytes than the value has?"""

from __future__ import annotations

import re
from collections.abc import Iterable

from bpflint.api import Context, Finding, Rule, RuleMeta, Severity, Unit, byte_order
from bpflint_rules._byte_order import Once, Value, confidence_of, met
from bpflint_rules._claims import order_claim

_SMALL = re.compile(r"port|proto|type|len|mss|family", re.I)
_NAMES = {16: "bpf_ntohs", 32: "bpf_ntohl", 64: "bpf_be64_to_cpu"}
_MAKERS = {16: "bpf_htons", 32: "bpf_htonl", 64: "bpf_cpu_to_be64"}


class SwapOfWrongWidth(Rule):
    """A 16-bit conversion meets a 32-bit value, or the reverse.

    ## What it does
    Compares the width of `bpf_ntohs`/`bpf_ntohl`/`__builtin_bswap*` with that of the big-endian value it is given, and
    of the big-endian field its result is stored in or compared with.

    ## Why is this bad
    `bpf_ntohl` of a `__be16` moves the port into the upper half: any `__u16` it is stored in is zero. `bpf_ntohs` of an
    address swaps two bytes and drops the others.

    ## Example
    ```c
    __u16 port = bpf_ntohl(th->dest);
    ```

    ## Use instead
    ```c
    __u16 port = bpf_ntohs(th->dest);
    ```

    ## Known limits
    A plain `__u32` that may hold a port has no known width and is not judged. Fields that carry a port in one half
    (`__sk_buff.remote_port`, `bpf_sock_addr.user_port`) follow the table of kernel fields. A result that is shifted
    is deliberate.
    """

    meta = RuleMeta(
        code="BPF204", name="swap-of-wrong-width", summary="a conversion swaps another width than the value has",
        severity=Severity.ERROR,
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report operands, then the places results go to."""
        first = Once()
        for function, swap in met(unit, ctx, byte_order.Swapped):
            expected = _expected(swap.operand)
            if swap.mixing or not expected or expected == swap.width or _is_small(swap.operand, swap.text):
                continue
            if not first(swap.span, swap.text):
                continue
            yield self.finding(
                swap.span,
                f"`{swap.callee}()` swaps {swap.width} bits, `{swap.text}` (`{swap.operand.what}`) has "
                f"{_has(swap.operand)}; use `{_NAMES[expected]}()`",
                subject=f"{function.name}:{swap.callee}({swap.text})", confidence=confidence_of(swap.operand),
                claim=order_claim(swap.operand),
            )  # fmt: skip
        for function, store in met(unit, ctx, byte_order.Stored):
            if not store.record or not _wrong(store.target, store.value) or _is_small(store.target, store.member):
                continue
            if first(store.span, store.text):
                yield self.finding(
                    store.span,
                    f"`{store.record}.{store.member}` has {store.target.width} bits in network byte order; "
                    f"`{store.value.what}()` gives {store.value.width}; use `{_MAKERS[store.target.width or 16]}()`",
                    subject=f"{function.name}:{store.record}.{store.member}", confidence=confidence_of(store.target),
                    claim=order_claim(store.target),
                )  # fmt: skip
        for function, item in met(unit, ctx, byte_order.Compared):
            for value, text, made in byte_order.sides(item):
                if _wrong(value, made) and value.source in ("type", "table") and not _is_small(value, text):
                    if not first(item.span, text):
                        continue
                    yield self.finding(
                        item.span,
                        f"`{text}` (`{value.what}`) has {value.width} bits, `{made.what}()` gives {made.width}: "
                        f"use `{_MAKERS[value.width or 16]}()`",
                        subject=f"{function.name}:{text}:{made.what}", confidence=confidence_of(value),
                        claim=order_claim(value),
                    )  # fmt: skip


def _is_small(value: Value, text: str) -> bool:
    """A project's own `__be32 port` holds 16 bits on purpose."""
    return value.source == "type" and value.width == 32 and _SMALL.search(text) is not None


def _expected(value: Value) -> int:
    """The bits that a conversion of a value should swap; 0 where any would do or nothing is known."""
    if value.order != "network" or value.source not in ("type", "table") or value.width not in _NAMES:
        return 0
    return 32 if value.valid == "high16" else value.width


def _has(value: Value) -> str:
    return "its 16 bits in the upper half of 32" if value.valid == "high16" else str(value.width)


def _wrong(place: Value, made: Value) -> bool:
    """Whether a conversion's result is of another width than the big-endian place it meets."""
    return (
        place.order == "network" and _made_big(made) and not place.valid
        and place.width in _MAKERS and made.width in _MAKERS and place.width != made.width and made.constant != 0
    )  # fmt: skip


def _made_big(value: Value) -> bool:
    """A conversion's result: of a known value, or by the conversion's name."""
    return (value.order == "network" and value.source == "conversion") or (
        value.order == "unknown" and value.named == "to-network"
    )
