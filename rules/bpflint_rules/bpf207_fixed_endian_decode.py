"""BPF207: does user space decode in one byte order what BPF writes in the machine's?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bpflint.api import Array, Context, Finding, RecordDecl, Related, Rule, RuleMeta, Scalar, Severity, Span, Type, Unit

_BIG = re.compile(r"(?:^|[_.])bpfeb(?:[_.]|$)")
_DEFAULT = re.compile(r"(?<!_mips)(?<!_mips64)(?<!_powerpc)(?<!_s390)_bpfeb\.go$")
"""What bpf2go writes where no target is named: nobody need ship it."""
_NAMED = re.compile(r"_(?:mips|mips64|powerpc|s390)_bpfeb\.go$|_s390x\.go$")
_TARGETS = ("bpfeb", "s390x")


class FixedEndianDecode(Rule):
    """Bytes of a map or event are decoded as little endian in a project that builds for big-endian machines too.

    ## What it does
    Reports `binary.Read(…, binary.LittleEndian, …)`, `binary.LittleEndian.Uint32(sample[0:4])` and `from_le_bytes` on
    bytes that BPF wrote, where the project names a big-endian build (`-target bpfeb` or `s390x`, an object embedded by
    hand, a `_s390x.go` file) or the configuration a big-endian target.

    ## Why is this bad
    BPF stores integers in the byte order of the machine it runs on. On s390x the decoded numbers are reversed.

    ## Example
    ```go
    //go:generate go run github.com/cilium/ebpf/cmd/bpf2go -target amd64,s390x probe probe.bpf.c
    binary.Read(bytes.NewReader(record.RawSample), binary.LittleEndian, &event)
    ```

    ## Use instead
    ```go
    binary.Read(bytes.NewReader(record.RawSample), binary.NativeEndian, &event)
    ```

    ## Known limits
    The bpfeb files that bpf2go writes where no target is named say nothing: a project that does ship them for s390x
    sets `bpfeb = true`. Silent where the fields are single bytes.
    """

    meta = RuleMeta(
        code="BPF207", name="fixed-endian-decode", summary="the machine's byte order is decoded as a fixed one",
        severity=Severity.WARNING, cross_file=True,
        references=("https://github.com/openshift/ingress-node-firewall/pull/70",),
    )  # fmt: skip

    def check_project(self, ctx: Context) -> Iterable[Finding]:
        """Report the first decode of each file that names a byte order."""
        everywhere = any(target in _TARGETS for target in ctx.settings.targets) or "big" in ctx.settings.bpf_byte_orders
        for unit in ctx.project.user_units():
            if unit.language not in ("go", "rust"):
                continue
            built = _built_big(unit, ctx)
            if everywhere or built is not None:
                yield from self._unit(unit, built)

    def _unit(self, unit: Unit, built: tuple[str, Span | None] | None) -> Iterator[Finding]:
        fixed = [use for use in unit.uses if use.op == "decode" and use.order == "little" and _wide(use.type)]
        for use in fixed[:1]:
            what = f"the {use.role}s of map `{use.map}`" if use.map else "what BPF sends"
            why = f"{built[0]} is a big-endian build" if built else "a big-endian target is configured"
            related = [Related(built[1], "build", "the big-endian build")] if built and built[1] else []
            more = f" (and {len(fixed) - 1} more in this file)" if len(fixed) > 1 else ""
            yield self.finding(
                use.span, f"{what} have the machine's byte order, not little endian: {why}{more}",
                subject=f"{use.function}:{use.map}", related=related, targets=("s390x",),
            )  # fmt: skip


def _built_big(unit: Unit, ctx: Context) -> tuple[str, Span | None] | None:
    """What asks for a big-endian build by name, in the folder of the unit or among what it embeds."""
    asked = unit.sources.get("big-endian")
    if asked:
        return f"a target of bpf2go in {asked}", None
    for link in unit.links:
        if _BIG.search(link.name) and not (link.span is not None and _DEFAULT.search(link.span.path)):
            return link.name, link.span
    folder = unit.path.rpartition("/")[0]
    for other in ctx.project.user_units():
        if other.path.rpartition("/")[0] == folder and _NAMED.search(other.path):
            return other.path, None
    return None


def _wide(type_: Type | None) -> bool:
    """Whether any integer of more than one byte is in it."""
    match type_:
        case Scalar(width=width):
            return width != 8
        case Array(element=element):
            return _wide(element)
        case RecordDecl(members=members):
            return any(_wide(item.type) for item in members)
    return False
