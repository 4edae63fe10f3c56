"""BPF111: does a hash key have bytes that no field owns?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bpflint.api import (
    AddressOf,
    Aggregate,
    Assign,
    Call,
    CallExpr,
    Confidence,
    Constant,
    Context,
    Expr,
    Finding,
    Function,
    Hole,
    MapDef,
    Name,
    RecordDecl,
    Related,
    Rule,
    RuleMeta,
    Select,
    Severity,
    Span,
    Unit,
    base_of,
    calls,
    holes,
    operations,
    show_bytes,
    strip,
)  # fmt: skip

_HASHED = frozenset(("hash", "percpu_hash", "lru_hash", "lru_percpu_hash", "lpm_trie", "hash_of_maps", "sockhash"))
_KEY_AT = {
    "bpf_map_lookup_elem": 1, "bpf_map_update_elem": 1, "bpf_map_delete_elem": 1, "bpf_map_lookup_percpu_elem": 1,
}  # fmt: skip
_METHODS = frozenset(("lookup", "lookup_or_init", "lookup_or_try_init", "update", "insert", "delete", "increment",
                      "atomic_increment"))  # fmt: skip


class PaddingInMapKey(Rule):
    """The key of a hash or LPM map has a hole or a tail that the compiler put in.

    ## What it does
    Lays out the key for BPF, finds the bytes that no field owns, and looks at the keys that the program builds: one
    that is set field by field, or by an initialiser list, has them undefined.

    ## Why is this bad
    The kernel hashes and compares all bytes of the key. C leaves padding undefined, also after designated
    initialisers, so equal keys may not meet; old kernels refuse to read it from the stack at all.

    ## Example
    ```c
    struct key { __u32 pid; __u8 kind; };     // 3 bytes of tail
    struct key k = { .pid = pid, .kind = kind };
    bpf_map_lookup_elem(&counts, &k);
    ```

    ## Use instead
    ```c
    struct key { __u32 pid; __u8 kind; __u8 pad[3]; };
    ```

    ## Known limits
    Silent where every key that the program builds is cleared (`memset`, `= {}`) or copied from another; keys that come
    in through a pointer are not followed. User space must clear them as well.
    """

    meta = RuleMeta(
        code="BPF111", name="padding-in-map-key", summary="a map key has padding that takes part in the hash",
        severity=Severity.WARNING, references=("https://github.com/sched-ext/scx/pull/3693",),
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report keys with padding, each type once."""
        if unit.side != "bpf" or unit.language != "c":
            return
        seen: set[object] = set()
        for map_ in unit.maps:
            key = map_.key
            if map_.kind not in _HASHED or not isinstance(key, RecordDecl) or key.key() in seen:
                continue
            padding = holes(ctx.layout(key, "bpfel"))
            built = list(_built(unit, key)) if padding else []
            loose = [item for item in built if item.how != "cleared"]
            if not loose:
                continue
            seen.add(key.key())
            yield self._report(map_, key, padding, sorted(loose, key=lambda item: item.how != "field by field")[0])

    def _report(self, map_: MapDef, key: RecordDecl, padding: tuple[Hole, ...], worst: _Key) -> Finding:
        hole = padding[0]
        after = hole.after.split(".")[0].split("[")[0]
        member = next((item for item in key.members if item.name == after), None)
        span = (member.span if member is not None else None) or key.span or map_.key_span or map_.span
        size = sum(item.size for item in padding)
        what = "of tail" if hole.tail else f"before `{hole.before}`"
        return self.finding(
            span,
            f"`{key.name or 'the key'}`, key of {map_.kind} map `{map_.name}`, has {show_bytes(size)} "
            f"{'byte' if size == 8 else 'bytes'} of padding (first {what}); `{worst.name}` in `{worst.function}()` is "
            f"set {worst.how}",
            subject=f"{key.name or map_.name}:{after}",
            confidence=Confidence.HIGH if worst.how == "field by field" else Confidence.MEDIUM,
            related=[Related(worst.span, "key", "the key is built here"), Related(map_.span, "map", "the map")],
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Key:
    """One local key: `how` its bytes are set."""

    name: str
    function: str
    span: Span
    how: str


def _built(unit: Unit, key: RecordDecl) -> Iterator[_Key]:
    """The locals of the key's type whose address, or value, goes to a map."""
    for function in unit.functions:
        done: set[int] = set()
        for call, _ in calls(function):
            given = _key_argument(call)
            if given is None:
                continue
            inner = strip(given)
            place = strip(inner.place) if isinstance(inner, AddressOf) else inner
            if not isinstance(place, Name) or place.storage != "local" or place.decl in done:
                continue
            if not isinstance(place.type, RecordDecl) or place.type.key() != key.key():
                continue
            done.add(place.decl)
            if how := _how(function, place):
                yield _Key(place.name, function.name, place.span or function.span, how)


def _key_argument(call: CallExpr) -> Expr | None:
    if call.receiver is not None:
        return call.args[0] if call.callee in _METHODS and call.args else None
    at = _KEY_AT.get(call.callee)
    return call.args[at] if at is not None and at < len(call.args) else None


def _how(function: Function, key: Name) -> str:
    """How a local's bytes are set; "" where another function may have set them."""
    how = ""
    for op in operations(function):
        match op:
            case Assign(target=Name(decl=decl), value=value) if decl == key.decl:
                value = strip(value)
                if not isinstance(value, Aggregate):
                    return "cleared"  # a copy brings the padding of its source
                how = how or ("cleared" if _all_zero(value) else "by an initialiser list")
            case Assign(target=target) if _is_part(target, key):
                how = how or "field by field"
            case Call(call=call, result=result):
                if isinstance(result, Name) and result.decl == key.decl:
                    return "cleared"
                if result is not None and _is_part(result, key):
                    how = how or "field by field"
                if _whole(call, key) and call.callee not in _KEY_AT and call.receiver is None:
                    return how or "cleared"  # memset, or a function that fills it
    return how


def _whole(call: CallExpr, key: Name) -> bool:
    """The call is given the address of the whole key."""
    for item in call.args:
        inner = strip(item)
        if isinstance(inner, AddressOf) and isinstance(place := strip(inner.place), Name) and place.decl == key.decl:
            return True
    return False


def _is_part(place: Expr, key: Name) -> bool:
    root = base_of(place)
    return isinstance(strip(place), Select) and isinstance(root, Name) and root.decl == key.decl and bool(key.decl)


def _all_zero(value: Aggregate) -> bool:
    return all(
        (isinstance(inner := strip(item), Constant) and inner.value == 0)
        or (isinstance(inner, Aggregate) and _all_zero(inner))
        for _, item in value.items
    )
