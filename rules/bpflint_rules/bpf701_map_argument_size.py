"""BPF701: does a key or value argument have the size that the map declares?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

from bpflint.api import (
    AddressOf,
    Array,
    Confidence,
    Constant,
    Context,
    Expr,
    Finding,
    MapDef,
    Name,
    Origin,
    PaddingClaim,
    Pointer,
    RecordDecl,
    Related,
    Rule,
    RuleMeta,
    Scalar,
    Select,
    Severity,
    Span,
    Type,
    Unit,
    base_of,
    contents,
    dataclass,
    strip,
    walk,
)  # fmt: skip
from bpflint_rules._claims import UNREAD_STACK, program_names
from bpflint_rules._maps import MapCall, Maps, Passed, is_map_of_maps, map_fact, maps_of, passed, type_name

_PREFIX = 4
"""`struct bpf_lpm_trie_key`: a __u32 prefixlen, then 1 to 256 bytes of data (kernel/bpf/lpm_trie.c, LPM_KEY_SIZE_*)."""
_OPS = frozenset(("lookup", "update", "insert", "delete", "init", "push", "pop", "peek"))
_REFUSAL = UNREAD_STACK + r"|invalid access to (packet|map (key|value))|invalid variable-offset"


class MapArgumentSize(Rule):
    """A map is given a pointer to a key or value of another size than it declares.

    ## What it does
    Compares the object behind each key and value argument of a map call with the map's declared key and value: in the
    call itself, through macros, and through inline wrappers that take `void *`. Where all arguments of a program agree
    on another size, it is the definition that is reported. Also checks that the key of an LPM trie begins with its
    `__u32` prefix length.

    ## Why is this bad
    The kernel takes as many bytes as the map declares. From a smaller object it reads what happens to stand behind it
    on the stack, so a lookup misses at random or the program is rejected; of a larger one it drops the end.

    ## Example
    ```c
    struct { __uint(type, BPF_MAP_TYPE_HASH); __type(key, u64); … } sizes SEC(".maps");
    u32 tid = bpf_get_current_pid_tgid();
    bpf_map_lookup_elem(&sizes, &tid);        // reads 8 bytes, 4 of them are not the key
    ```

    ## Use instead
    ```c
    u64 key = (u32)bpf_get_current_pid_tgid();
    bpf_map_lookup_elem(&sizes, &key);
    ```

    ## Known limits
    Pointers to bytes, typed casts and pointers to the first field of a larger struct are taken at their word; so is a
    wider number that is always 0. Any other wider number is a warning where nothing is built for big endian. Inner maps
    of a map of maps are not followed.
    """

    meta = RuleMeta(
        code="BPF701", name="map-argument-size", summary="a key or value argument has another size than the map's",
        severity=Severity.ERROR, references=("https://github.com/iovisor/bcc/pull/4471",),
    )  # fmt: skip

    def check_map(self, map_: MapDef, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report LPM trie keys that cannot hold a prefix."""
        size = map_.key_size
        if map_.kind != "lpm_trie" or map_.style in ("global", "object") or not size or map_.external:
            return
        fault = ""
        if not _PREFIX < size <= _PREFIX + 256:
            fault = f"has {size} bytes; the kernel takes 5 to 260, the first 4 of them the prefix length"
        elif isinstance(map_.key, RecordDecl) and (first := _first(map_.key)) is not None:
            bits = ctx.size_of(first, "bpfel")
            if bits is not None and bits != _PREFIX * 8 and not (isinstance(first, Array) and bits > 32):
                fault = f"begins with `{type_name(first)}`, not with a `__u32` prefix length"
            elif isinstance(map_.key, RecordDecl) and map_.key.name in ("in6_addr", "in_addr"):
                fault = f"is a plain `struct {map_.key.name}`: its first 4 bytes are taken as the prefix length"
        if fault:
            told = f"the key of LPM trie `{map_.name}` {fault}"
            yield self.finding(map_.key_span or map_.span, told, subject=f"{map_.name}:lpm")

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report arguments of the wrong size; where all of a map agree on another one, its definition."""
        if unit.side != "bpf":
            return
        judged: dict[tuple[str, str], list[_Argument]] = {}
        maps = maps_of(unit, ctx)
        for function in filter(maps.is_live, unit.functions):
            known = maps.origins(function)
            for call in maps.calls(function):
                if call.op not in _OPS or call.map is None or call.map.external:
                    continue
                for item in _arguments(call, call.map, known, maps, ctx):
                    judged.setdefault((item.map.name, item.role), []).append(item)
        for items in judged.values():
            spans = list(dict.fromkeys(item.span for item in items))
            first = min(items, key=lambda item: item.severity is not None)
            if len(spans) > 1 and first.may_be_meant and all(item.text and item.have == first.have for item in items):
                yield self._definition(first, spans, unit)
            else:
                yield from (self._argument(item, unit) for item in items if item.text)

    def _definition(self, item: _Argument, spans: Sequence[Span], unit: Unit) -> Finding:
        told = item.text.replace("this points", f"all {len(spans)} arguments in `{unit.path}` point", 1)
        return self.finding(
            item.target, f"the {item.role} of map `{item.map.name}` has {item.size} bytes{item.wanted}, but {told}",
            subject=f"{item.map.name}:{item.role}", confidence=item.sure,
            related=[Related(span, "use", f"points to {item.have} bytes") for span in spans], claim=_claim(item, unit),
            severity=item.severity,
        )  # fmt: skip

    def _argument(self, item: _Argument, unit: Unit) -> Finding:
        call, map_ = item.call, item.map
        related = [Related(item.target, "map", f"`{map_.name}` declares {item.size} bytes")]
        if call.via is not None:
            related.append(Related(call.via.span, "call", f"`{call.helper}` is called here"))
        return self.finding(
            item.span, f"the {item.role} of map `{map_.name}` has {item.size} bytes{item.wanted}, but {item.text}",
            subject=f"{call.site.function.name}:{map_.name}:{call.op}:{item.role}", related=related,
            confidence=item.sure, claim=_claim(item, unit), severity=item.severity,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Argument:
    """A key or value argument: of `size` bytes by the map, of `have` by its type.

    `text` says what is wrong where these do not go together, "" where they do.
    """

    call: MapCall
    map: MapDef
    role: Literal["key", "value"]
    given: Type
    size: int
    have: int
    text: str
    sure: Confidence
    severity: Severity | None
    """What it is where it is not as bad as others."""

    @property
    def may_be_meant(self) -> bool:
        """Whether the map could take it: no pointer by mistake, and no key of a type whose keys have one size."""
        known = map_fact(self.map)
        fixed = self.role == "key" and known is not None and known.key != "any"
        return not isinstance(self.given, Pointer) and not fixed

    @property
    def span(self) -> Span:
        """Where the argument is."""
        expr = self.call.key if self.role == "key" else self.call.value
        return (expr.span if expr is not None else None) or self.call.site.span

    @property
    def target(self) -> Span:
        """Where the map says what it takes."""
        return (self.map.key_span if self.role == "key" else self.map.value_span) or self.map.span

    @property
    def wanted(self) -> str:
        """The type that the map declares, for people."""
        type_ = self.map.key if self.role == "key" else self.map.value
        return f" (`{type_name(type_)}`)" if type_ is not None else ""


def _arguments(
    call: MapCall, map_: MapDef, known: Mapping[int, Origin], maps: Maps, ctx: Context
) -> Iterator[_Argument]:
    """The arguments of a call whose size is known on both sides."""
    roles: list[tuple[Literal["key", "value"], Expr | None, Type | None, int | None]]
    roles = [("key", call.key, map_.key, map_.key_size)]
    if not is_map_of_maps(map_):
        roles.append(("value", call.value, map_.value, map_.value_size))
    for role, expr, wanted, size in roles:
        given = passed(expr, known)
        bits = ctx.size_of(given.type, "bpfel") if given is not None and size else None
        if given is not None and size and bits is not None and not bits % 8:
            have = bits // 8
            zero = have > size and _is_zero(given, call, maps)
            text, sure = (None if zero else _fault(given, have, wanted, size, ctx)) or ("", Confidence.LOW)
            severity = _severity(given, have > size, ctx)
            yield _Argument(call, map_, role, given.type, size, have, text, sure, severity)


def _is_zero(given: Passed, call: MapCall, maps: Maps) -> bool:
    """Whether a local whose address is given is 0 all the time, and its address is given to helpers of maps alone."""
    if not isinstance(given.place, Name) or not isinstance(given.type, Scalar):
        return False
    function, decl = call.site.function, given.place.decl
    origin = maps.origins(function).get(decl)
    only = strip(origin.only) if origin is not None and origin.only is not None else None
    if not isinstance(only, Constant) or only.value != 0:
        return False
    read = {id(item) for one in maps.direct(function) for arg in one.site.call.args for item in walk(arg)}
    taken = (item for item in contents(function) if isinstance(item, AddressOf) and _is(base_of(item), decl))
    return all(id(item) in read for item in taken)


def _is(expr: Expr, decl: int) -> bool:
    return isinstance(expr, Name) and expr.decl == decl


def _severity(given: Passed, longer: bool, ctx: Context) -> Severity | None:
    """Of a wider number a little-endian machine takes the low bytes: a small one arrives whole."""
    number = longer and isinstance(given.type, Scalar)
    return Severity.WARNING if number and ctx.settings.bpf_byte_orders == ("little",) else None


def _claim(item: _Argument, unit: Unit) -> PaddingClaim | None:
    """The bytes behind the object are taken with it."""
    programs = program_names(item.call.site.function, unit)
    behind = tuple(range(item.have, item.size))
    return PaddingClaim(unit.path, programs, item.map.name, item.role, behind, refusal=_REFUSAL) if behind else None


def _fault(given: Passed, have: int, wanted: Type | None, size: int, ctx: Context) -> tuple[str, Confidence] | None:
    """What is wrong with the object passed, and how sure that is; None where it fits or may be meant."""
    name = type_name(given.type)
    direct = given.place is not None
    if direct and isinstance(given.type, Pointer) and not isinstance(wanted, Pointer):
        if isinstance(wanted, RecordDecl) or size != have:
            return f"this is the address of a pointer (`{name}`), which points to the object itself", Confidence.HIGH
        return None
    if have == size or (isinstance(given.type, Array) and have > size):
        return None
    words = isinstance(given.type, Scalar) and have > 1 and isinstance(wanted, Scalar)
    if not direct and not words and not isinstance(given.type, RecordDecl | Array):
        return None  # a pointer to bytes or words may stand for a buffer
    if have > size:
        if _leads_to(given.type, wanted, size, ctx):
            return None
        sure = Confidence.HIGH
        if not (isinstance(given.type, RecordDecl) and isinstance(wanted, RecordDecl)):
            sure = Confidence.MEDIUM if isinstance(given.type, Scalar) else Confidence.LOW  # a zeroed struct for key 0
        number = isinstance(given.type, Scalar)
        loss = "on a big-endian target these are the upper ones" if number else "the rest is dropped"
        return f"this points to {have} (`{name}`): only the first {size} are taken; {loss}", sure
    if isinstance(given.place, Name) or not direct:
        return f"this points to {have} (`{name}`): the {size - have} bytes behind it are taken too", Confidence.HIGH
    if isinstance(given.place, Select) and isinstance(wanted, Scalar) and isinstance(given.type, Scalar):
        return f"this points to {have} (`{name}`): the {size - have} bytes behind it are taken too", Confidence.HIGH
    return None


def _leads_to(type_: Type, wanted: Type | None, size: int, ctx: Context) -> bool:
    """Whether the object begins with fields that fill the wanted size, so that its address may stand for theirs."""
    if not isinstance(type_, RecordDecl):
        return False
    fields = ctx.layout(type_, "bpfel").fields
    if isinstance(wanted, RecordDecl) and any(field.end == size * 8 for field in fields):
        return True  # `struct ethhdr` for a pair of addresses
    first = _first(type_)
    if isinstance(first, RecordDecl):
        return ctx.size_of(first, "bpfel") == size * 8 or _leads_to(first, wanted, size, ctx)
    return any(field.offset == 0 and field.size == size * 8 for field in fields)


def _first(type_: RecordDecl) -> Type | None:
    return type_.members[0].type if type_.members else None
