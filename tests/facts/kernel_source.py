"""In which byte order does a kernel's source keep a field? Declarations, conversions and every use that tells."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

BIG_ENDIAN = {"__be16": 16, "__be32": 32, "__be64": 64, "__sum16": 16, "struct in6_addr": 32, "struct in_addr": 32}
FILES = (
    "include/linux/bpf.h", "include/linux/filter.h", "include/linux/if_vlan.h", "include/linux/ipv6.h",
    "include/linux/netdevice.h", "include/linux/skbuff.h", "include/linux/tcp.h", "include/net/flow_dissector.h",
    "include/net/inet_sock.h", "include/net/ip.h", "include/net/ip_tunnels.h", "include/net/request_sock.h",
    "include/net/sock.h", "include/net/tcp.h", "include/net/xdp.h", "include/trace/events/sock.h",
    "include/trace/events/tcp.h", "include/uapi/linux/bpf.h", "include/uapi/linux/icmp.h",
    "include/uapi/linux/if_arp.h", "include/uapi/linux/if_ether.h", "include/uapi/linux/in.h",
    "include/uapi/linux/in6.h", "include/uapi/linux/ip.h", "include/uapi/linux/ipv6.h", "include/uapi/linux/tcp.h",
    "include/uapi/linux/udp.h", "kernel/bpf/lpm_trie.c", "net/core/filter.c", "net/core/flow_dissector.c",
    "net/core/skbuff.c", "net/ipv4/af_inet.c", "net/ipv4/inet_connection_sock.c", "net/ipv4/tcp.c",
    "net/ipv4/tcp_input.c", "net/ipv4/tcp_ipv4.c", "net/ipv4/tcp_output.c", "net/ipv6/af_inet6.c",
)  # fmt: skip
_ACCESSORS = {
    "TCP_SKB_CB": "tcp_skb_cb", "inet_sk": "inet_sock", "tcp_sk": "tcp_sock", "inet_rsk": "inet_request_sock",
    "tcp_hdr": "tcphdr", "ip_hdr": "iphdr",
}  # fmt: skip
_GETTERS = {
    "BPF_TCP_SOCK_GET_COMMON": "tcp_sock", "SK_REUSEPORT_LOAD_SKB_FIELD": "sk_buff",
    "SK_REUSEPORT_LOAD_SK_FIELD": "sock", "SK_REUSEPORT_LOAD_FIELD": "sk_reuseport_kern",
}  # fmt: skip
"""What the macros of net/core/filter.c read the member from that they are given."""
_PLAIN = {"u16", "u32", "__u16", "__u32", "int", "short"}
"""Types of the kernel's own members and variables that sparse lets no big-endian value into."""
_RENAMED = {"bpf_lpm_trie_key": ("bpf_lpm_trie_key_u8",)}
"""The kernel's own name for a struct that programs know by its old one: 6.9, and later releases of 6.1."""
_SOCKETS = ("inet_sock", "inet_request_sock", "sock")
"""The structs that begin with a sock_common, whose members `#define` names stand for."""
_BASE = re.compile(r"(?:\w+\([^()]*\)|\w+)\Z")
_TO_HOST, _TO_NETWORK = r"(?:ntoh[sl]|be\d\d_to_cpup?)", r"(?:hton[sl]|cpu_to_be\d\d)"


@dataclass(frozen=True)
class Site:
    """A place that tells the order of a field. `width` is that of the value, 0 where the place does not tell."""

    path: str
    line: int
    text: str
    order: str
    width: int = 0
    shifted: bool = False
    """The conversion moves a value of 16 bits to the upper half."""

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.order}: {' '.join(self.text.split())[:100]}"


def read(source: Path, scratch: Path) -> Mapping[str, str]:
    """Return the text of `FILES` from an unpacked tree or from Debian's archive of one, comments blanked."""
    root = source
    if source.is_file():
        first = f"{source.name.removesuffix('.tar.xz')}/"
        names = [first + name for name in FILES]
        tar = ["tar", "-x", "--use-compress-program=xz -T0", "--occurrence=1", "-f", source, "-C", scratch, *names]
        subprocess.run(tar, check=True)
        root = scratch / first
    return {name: _blanked((root / name).read_text(errors="replace")) for name in FILES}


def _blanked(text: str) -> str:
    """Without comments, its lines where they were."""
    return re.sub(r"/\*.*?\*/|//[^\n]*", lambda found: re.sub(r"[^\n]+", " ", found[0]), text, flags=re.S)


class Kernel:
    """One kernel's source, asked by struct and dotted field."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self.files = files
        self._structs: dict[str, Mapping[str, tuple[str, str, int]]] = {}

    def sites(self, struct: str, field: str) -> Iterator[Site]:
        """Yield every place that tells the order of a field."""
        yield from self._declared(struct, field)
        yield from self._converted(struct, field)
        names = {field: (struct, *_RENAMED.get(struct, ()))}
        if struct == "sock_common":
            names |= {name: _SOCKETS for name, path in self._aliases.items() if path.endswith(f"_common.{field}")}
        for name, owners in names.items():
            for path, text in self.files.items():
                for found in re.finditer(rf"(?:->|\.){re.escape(name)}\b(?:\[\w+\])?", text):
                    base = _BASE.search(text, max(found.start() - 80, 0), found.start())
                    if base is not None and self._owner(text, base[0], base.start()) in owners:
                        yield from self._told(path, text, base.start(), found.end())

    # -- declarations

    def member(self, struct: str, field: str) -> tuple[str, str, int] | None:
        """Return (type, file, line) of a member, through anonymous and named structs and `#define` names."""
        table = self._members(struct)
        if field in table:
            return table[field]
        if path := self._aliases.get(field):
            return self.member("sock_common", path.rpartition(".")[2]) if "_common." in path else table.get(path)
        head, _, rest = field.partition(".")
        inner = table.get(head)
        return self.member(inner[0].removeprefix("struct "), rest) if inner and rest else None

    @cached_property
    def _aliases(self) -> Mapping[str, str]:
        """`#define inet_num sk.__sk_common.skc_num`, `#define s6_addr32 in6_u.u6_addr32`."""
        pattern = re.compile(r"^#define\s+(\w+)\s+((?:\w+\.)+\w+)\s*$", re.M)
        return {name: of for text in self.files.values() for name, of in pattern.findall(text)}

    def _members(self, struct: str) -> Mapping[str, tuple[str, str, int]]:
        if struct not in self._structs:
            self._structs[struct] = {}
            for path, text in self.files.items():
                if (found := re.search(rf"^struct {struct} \{{", text, re.M)) is not None:
                    body = text[found.end() : _closing(text, found.end() - 1)]
                    line = text.count("\n", 0, found.end()) + 1
                    self._structs[struct] = {name: (type_, path, line) for name, type_ in _members_of(body)}
                    break
        return self._structs[struct]

    def _declared(self, struct: str, field: str) -> Iterator[Site]:
        found = self.member(struct, field)
        if found is not None and found[0] in BIG_ENDIAN:
            yield Site(found[1], found[2], f"{found[0]} {field}", "network", BIG_ENDIAN[found[0]])

    # -- the code that reads a context

    def _converted(self, struct: str, field: str) -> Iterator[Site]:
        path = "net/core/filter.c"
        text = self.files[path]
        label = rf"case (?:offsetof|bpf_ctx_range\w*)\(struct {struct},\s*{re.escape(field)}\b"
        for start, end in self._converters:
            for found in re.finditer(label, text[start:end]):
                at = start + found.start()
                body = text[at : text.index("break;", at)]
                line = text.count("\n", 0, at) + 1
                for member in _loaded(body, struct):
                    type_ = (self.member(*member) or ("",))[0]
                    order = "network" if type_ in BIG_ENDIAN else "host" if type_ else ""
                    if order and not (type_.startswith("struct ") and order == "host"):
                        width = BIG_ENDIAN.get(type_, 0)
                        yield Site(path, line, f"{'.'.join(member)} is {type_}", order, width, "BPF_LSH" in body)

    @cached_property
    def _converters(self) -> list[tuple[int, int]]:
        """Where the functions that translate accesses of a context begin and end."""
        text = self.files["net/core/filter.c"]
        starts = [item.start() for item in re.finditer(r"\w+_convert_ctx_access\(enum bpf_access_type", text)]
        return [(start, text.index("\n}\n", start)) for start in starts]

    # -- uses

    def _owner(self, text: str, base: str, at: int) -> str:
        """The struct that `base` is or points to, by the nearest declaration above."""
        if base == "__entry":
            names = re.findall(r"^(?:TRACE_EVENT|DECLARE_EVENT_CLASS)\((\w+)", text[:at], re.M)
            return f"trace_event_raw_{names[-1]}" if names else ""
        if "(" in base:
            return _ACCESSORS.get(base.partition("(")[0], "")
        near = text[max(at - 12_000, 0) : at]
        found = re.findall(rf"struct (\w+)[\s*,]+{base}\b(?=\s*[=;,)\[])", near)
        return found[-1] if found else ""

    def _told(self, path: str, text: str, first: int, last: int) -> Iterator[Site]:
        start = max(text.rfind(stop, 0, first) for stop in ";{}") + 1
        end = min(item for stop in ";{}" if (item := text.find(stop, last)) >= 0)
        before, after = text[start:first], text[last:end]
        order = _by_conversion(before, after) or self._by_copy(text, before, after, first)
        if order:
            yield Site(path, text.count("\n", 0, first) + 1, text[start:end], order)

    def _by_copy(self, text: str, before: str, after: str, at: int) -> str:
        """What the other side of an assignment or a memcpy is declared as."""
        if re.search(r"memcpy\(&?$", before):
            other = re.match(r",\s*&(\w+)->([\w.]+)", after)
        elif re.match(r"\s*=\s*\w+$", after):
            return self._variable(text, after.strip(" =\t"), at)
        else:
            other = re.search(r"(?:memcpy\(&|^\s*)(\w+)->([\w.]+)(?:,| =)\s*&?$", before)
            other = other or re.match(r"\s*=\s*(\w+)->([\w.]+)$", after)
        if other is None:
            return ""
        struct = self._owner(text, other[1], at)
        member = self.member(struct, other[2])
        if member and member[0] in BIG_ENDIAN:
            return "network"
        return "host" if member and member[0] in _PLAIN and not struct.startswith("bpf_") else ""

    @staticmethod
    def _variable(text: str, name: str, at: int) -> str:
        found = re.findall(rf"\b(\w+)\s+{name}\b(?=\s*[=;,)])", text[max(at - 12_000, 0) : at])
        return "network" if found and found[-1] in BIG_ENDIAN else "host" if found and found[-1] in _PLAIN else ""


def _by_conversion(before: str, after: str) -> str:
    """What the text around a use says of it: it is converted, compared with a constant, counted with, cast."""
    if re.search(rf"{_TO_NETWORK}\(\s*$", before) and re.match(r"\s*[)+-]", after):
        return "host"
    if re.search(rf"{_TO_HOST}\(\s*&?$", before) and re.match(r"\s*\)", after):
        return "network"
    if re.search(r"\((?:__be\d\d|struct in6_addr) \*\)\s*&?$", before):
        return "network"
    if re.match(rf"\s*=\s*{_TO_HOST}\(", after):
        return "host"
    if re.match(rf"\s*[!=]?=\s*{_TO_NETWORK}\(", after):
        return "network"
    if re.match(r"\s*[!=]?=\s*(?:[AP]F_|ETH_P_)\w+", after):
        return "host"
    if re.match(r"\s*(?:\+\+|--|[+-]=|[<>]=?\s|[+-]\s)", after) or re.search(r"[\w)] [+-] $", before):
        return "host"
    if re.search(r"\b(?:clamp|min|max)(?:_t)?\([^()]*$|\batomic_(?:add|inc)\w*\([^()]*&$", before):
        return "host"
    return ""


def _loaded(body: str, struct: str) -> list[tuple[str, str]]:
    """The kernel's member that a case loads last: (struct, field)."""
    for macro, owner in _GETTERS.items():
        if (found := re.search(rf"{macro}\((\w+)\)", body)) is not None:
            return [(owner, found[1])]
    nested = re.findall(r"struct \w+, struct (\w+),\s*\w+,\s*([\w.]+)", body)
    plain = re.findall(r"\bstruct (\w+),\s*(?!struct\b)([\w.]+)", body)
    members = [(owner, name.partition(".s6_addr")[0]) for owner, name in nested or plain if owner != struct]
    return members[-1:]


def _closing(text: str, start: int) -> int:
    """The bracket that closes the one at `start`."""
    pairs = {"{": "}", "(": ")"}
    depth = 0
    for at in range(start, len(text)):
        depth += (text[at] == text[start]) - (text[at] == pairs[text[start]])
        if not depth:
            return at
    raise ValueError(text[start : start + 80])


def _members_of(body: str) -> Iterator[tuple[str, str]]:
    """(dotted name, type) of the members of a struct's body; anonymous ones lend theirs to it."""
    body = re.sub(r"^[ \t]*#.*(?:\\\n.*)*$", "", body, flags=re.M)
    while (group := re.search(r"\b(?:__)?struct_group\w*\(", body)) is not None:
        end = _closing(body, group.end() - 1)
        inside = body[group.end() : end]
        keep = inside.split(",", 3)[-1] if group[0].startswith("__") else inside.split(",", 1)[-1]
        body = body[: group.start()] + keep + body[end + 1 :]
    for words, inner, names in _statements(body):
        if inner is None:
            found = re.match(r"((?:const |unsigned |struct )*\w+)\b(.*)", words, re.S)
            for name in re.findall(r"(\w+)\s*(?:\[[^\]]*\])*\s*(?::\s*\d+)?\s*(?=,|$)", found[2] if found else ""):
                yield name, found[1].removeprefix("const ") if found else ""
            continue
        for name, type_ in _members_of(inner):
            yield name, type_
            for holder in re.findall(r"\w+", names):
                yield f"{holder}.{name}", type_


def _statements(body: str) -> Iterator[tuple[str, str | None, str]]:
    """(text, text inside braces or None, names behind them) of each declaration."""
    at = 0
    while (found := re.compile(r"[;{]").search(body, at)) is not None:
        words = body[at : found.start()].strip()
        if found[0] == ";":
            yield words, None, ""
            at = found.end()
        else:
            close = _closing(body, found.start())
            end = body.find(";", close)
            end = len(body) if end < 0 else end
            yield words, body[found.end() : close], re.sub(r"__\w+\([^)]*\)+|__\w+", "", body[close + 1 : end])
            at = end + 1
