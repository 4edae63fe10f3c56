"""Is user-side C++ read as C++, and does a class that C could not lay out stay opaque?"""

from __future__ import annotations

import re
import shutil
import subprocess
from functools import partial
from pathlib import Path

import pytest

from bpflint.analysis.abi import abi
from bpflint.analysis.layout import lay_out
from bpflint.analysis.walk import expressions, operations
from bpflint.api import Job, Opaque, RecordDecl, Settings, SourceFile, Unit
from bpflint.frontends.c import CFrontEnd
from bpflint.frontends.c.unit import load_unit
from bpflint.model.flow import UNSEEN, Name, Unknown

CLANG = next((path for name in ("clang-19", "clang") if (path := shutil.which(name))), None)
LOADER = """
#include <bpf/libbpf.h>
#include <bpf/bpf.h>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>
#include <iostream>
extern "C" {
#include "event.h"
}
#include "probe.skel.h"

namespace app {
struct Key { std::uint32_t pid; };
enum class Kind : uint8_t { Open = 1, Close };
struct Value { uint64_t bytes = 0; Kind kind = Kind::Open; std::array<uint8_t, 6> mac; };
struct Named { std::string name; uint32_t id; };
struct Base { uint32_t id; };
struct Derived : Base { uint32_t more; };
struct Virtual { virtual ~Virtual(); uint32_t id; };
struct Refers { uint32_t &id; };

static int on_event(void *ctx, void *data, size_t size)
{
    auto *e = static_cast<const struct event *>(data);
    std::cout << e->pid << std::endl;
    return 0;
}

class Loader {
public:
    bool start()
    {
        skel_ = probe_bpf__open_and_load();
        if (!skel_)
            return false;
        fd_ = bpf_map__fd(skel_->maps.flows);
        ring_ = ring_buffer__new(bpf_map__fd(skel_->maps.events), on_event, nullptr, nullptr);
        return ring_ != nullptr;
    }
    bool get(uint32_t pid, Value &value)
    {
        Key key{pid};
        return bpf_map_lookup_elem(fd_, &key, &value) == 0;
    }
    void all();
    void later();
private:
    struct probe_bpf *skel_ = nullptr;
    struct ring_buffer *ring_ = nullptr;
    int fd_ = -1;
};

void Loader::all()
{
    std::vector<Value> values(libbpf_num_possible_cpus());
    Key key{};
    if (int err = bpf_map_lookup_elem(bpf_map__fd(skel_->maps.stats), &key, values.data()); err)
        return;
    for (const auto &value : values)
        std::cout << value.bytes;
    try {
        bpf_map_delete_elem(fd_, &key);
    } catch (const std::exception &error) {
        std::cerr << error.what();
    }
}

void Loader::later()
{
    ring_buffer__new(bpf_map__fd(skel_->maps.late), [](void *, void *data, size_t) -> int {
        return reinterpret_cast<struct event *>(data)->pid;
    }, nullptr, nullptr);
}
}  // namespace app
"""
EVENT = "#pragma once\n#include <linux/types.h>\nstruct event { __u32 pid; char comm[16]; };\n"


def unit_of(tmp_path: Path, text: str, name: str = "loader.cc") -> Unit:
    (tmp_path / name).write_text(text)
    (tmp_path / "event.h").write_text(EVENT)
    return load_unit(Job("c", name, "user", files=("event.h", name)), Settings(root=tmp_path)).units[0]


def test_a_loader_in_cxx_is_read_whole(tmp_path: Path) -> None:
    unit = unit_of(tmp_path, LOADER)
    assert unit.problems == ()
    names = [use.type.name if isinstance(use.type, RecordDecl) else "" for use in unit.uses]
    assert list(zip((use.map for use in unit.uses), (use.role for use in unit.uses), names, strict=True)) == [
        ("events", "event", "event"), ("flows", "key", "Key"), ("flows", "value", "Value"),
        ("stats", "key", "Key"), ("stats", "value", "Value"), ("flows", "key", "Key"), ("late", "event", "event"),
    ]  # fmt: skip
    assert {item.name: item.method_of for item in unit.functions}["all"] == "Loader"


def test_only_plain_structs_are_records(tmp_path: Path) -> None:
    unit = unit_of(tmp_path, LOADER)
    found = {item.name: item for item in unit.records}
    assert {"Key", "Value", "event", "Base"} <= set(found)
    assert {"Derived", "Virtual"}.isdisjoint(found)
    assert isinstance(found["Named"].members[0].type, Opaque)
    assert [type(item.type) for item in found["Refers"].members] == [Opaque]
    assert lay_out(found["Value"], abi("x86_64")).size == 16 * 8


def test_what_the_library_stand_in_lacks_costs_a_statement_and_not_the_file(tmp_path: Path) -> None:
    text = LOADER.replace("#include <vector>", "#include <vector>\n#include <unheard_of>\n#include <boost/any.hpp>")
    text = text.replace("Key key{pid};", "std::unheard::of x{}; Key key{pid};")
    unit = unit_of(tmp_path, text)
    assert any("boost/any.hpp" in item.message for item in unit.problems)
    assert ("flows", "value") in {(use.map, use.role) for use in unit.uses}


STRUCTS = """
#include <stdint.h>
namespace n {
struct Plain { uint8_t a; uint64_t b; uint16_t c; };
struct Defaults { uint8_t a = 1; uint32_t b = 2; };
class Closed { public: uint16_t a; uint64_t b; void f(); static int counted; };
struct Bits { uint32_t a : 3; uint32_t b : 7; uint64_t c : 40; bool d; };
struct __attribute__((packed)) Tight { uint8_t a; uint64_t b; Plain c; };
struct alignas(16) Wide { uint32_t a; };
enum class Small : uint8_t { One };
struct Enums { Small a; enum { X, Y } b; Small c; };
union Either { uint64_t a; char b[3]; };
struct Nested { char c; union { uint64_t a; uint8_t b; }; Either e; struct Inner { uint16_t x; } inner[3]; };
struct Bools { bool a; char16_t b; wchar_t c; };
struct Empty {};
struct Holds { Empty e; uint32_t a; };
using Alias = Plain;
struct Aliased { char c; Alias a; };
template <class T> struct Box { char c; T t; };
struct Boxed { Box<uint64_t> b; char tail; };
Plain p; Defaults d; Closed cl; Bits bi; Tight t; Wide w; Enums en; Either ei; Nested ne; Bools bo; Holds h; Aliased a; Boxed bx;
}
"""  # noqa: E501 (C++ text)
_HEAD = re.compile(r"^\s*0 \| (?:struct|class|union) n::(\w+)(?: \(empty\))?$")
_FIELD = re.compile(r"^\s*(\d+)(?::(\d+)-\d+)? \|   (\S.*?) (\w+)(?: \(empty\))?$")
_SIZE = re.compile(r"\[sizeof=(\d+), dsize=\d+, align=(\d+)")


def dumped(tmp_path: Path) -> dict[str, tuple[int, int, list[tuple[str, int]]]]:
    """Size, alignment and offsets of the named direct members, in bits, as clang prints them."""
    (tmp_path / "s.cc").write_text(STRUCTS)
    assert CLANG is not None
    done = subprocess.run(
        [CLANG, "--target=x86_64-linux-gnu", "-ffreestanding", "-std=gnu++17", "-Xclang",
         "-fdump-record-layouts", "-fsyntax-only", str(tmp_path / "s.cc")],
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    found: dict[str, tuple[int, int, list[tuple[str, int]]]] = {}
    name, fields = "", list[tuple[str, int]]()
    for line in done.stdout.splitlines():
        if head := _HEAD.match(line):
            name, fields = head[1], []
        elif name and (field := _FIELD.match(line)):
            fields.append((field[4], int(field[1]) * 8 + int(field[2] or 0)))
        elif name and (size := _SIZE.search(line)):
            found[name] = (int(size[1]) * 8, int(size[2]) * 8, fields)
            name = ""
    return found


@pytest.mark.skipif(CLANG is None, reason="no clang to dump layouts with")
def test_layouts_of_cxx_structs_are_clangs(tmp_path: Path) -> None:
    want = dumped(tmp_path)
    unit = unit_of(tmp_path, STRUCTS, "s.cc")
    decls = {item.name: item for item in unit.records}
    checked = 0
    for name, (size, align, fields) in want.items():
        record = lay_out(decls[name], abi("x86_64")) if name in decls else None
        if record is None:
            continue
        ours = [(field.name, int(field.offset)) for field in record.fields if field.name]
        assert record.opaque is None, name
        assert (int(record.size), int(record.align), ours) == (size, align, fields), name
        checked += 1
    assert checked >= 12, sorted(want)


def test_which_cxx_files_are_roots() -> None:
    files = {
        "loader.cc": b"#include <bpf/libbpf.h>\n", "skel.cpp": b'#include "a.skel.h"\n',
        "calls.cxx": b"int f() { return bpf_map__fd(m); }\n", "plain.cc": b"int main() {}\n",
        "bcc.cc": b'#include "BPF.h"\nebpf::BPF bpf; const char *p = "BPF_HASH(x);";\n',
        "a.hpp": b"#include <bpf/bpf.h>\n",
    }  # fmt: skip
    sources = [SourceFile(name, partial(files.__getitem__, name)) for name in files]
    jobs = CFrontEnd().plan(sources, Settings(root=Path("/")))
    assert [(job.path, job.mode) for job in jobs] == [
        ("calls.cxx", "user"), ("loader.cc", "user"), ("skel.cpp", "user")
    ]  # fmt: skip


def test_a_long_chain_of_operators_takes_no_time(tmp_path: Path) -> None:
    chain = " << ".join(f"value_{n}" for n in range(60))
    names = ", ".join(f"value_{n} = {n}" for n in range(60))
    text = f"#include <bpf/libbpf.h>\n#include <iostream>\nvoid f() {{ int {names}; std::cout << {chain}; }}\n"
    assert unit_of(tmp_path, text).problems == ()


GUARDS = """
#include <bpf/libbpf.h>
int scope(const char *path) { auto obj = bpf_object__open(path); SCOPE_EXIT { bpf_object__close(obj); }; return 0; }
int guard(const char *path) {
	auto obj = bpf_object__open(path);
	auto closer = folly::makeGuard([&] { bpf_object__close(obj); });
	return 0;
}
int plain(const char *path) { auto obj = bpf_object__open(path); return bpf_object__load(obj); }
"""


def test_what_a_statement_that_was_given_up_names_is_seen(tmp_path: Path) -> None:
    """Without the header of a scope guard nothing of it is in the tree; what it names is used all the same."""
    found: dict[str, list[str]] = {}
    for function in unit_of(tmp_path, GUARDS).functions:
        unseen = [part for op in operations(function) for item in expressions(op)
                  if isinstance(item, Unknown) and item.text == UNSEEN for part in item.parts]  # fmt: skip
        found[function.name] = [part.name for part in unseen if isinstance(part, Name)]
    assert (found["scope"], found["guard"], found["plain"]) == (["obj"], ["obj"], [])
