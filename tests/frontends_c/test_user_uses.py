"""Does user-side C say which map it touches with which type, however the descriptor travels?"""

from __future__ import annotations

from pathlib import Path

import pytest

from bpflint.api import Array, Job, Opaque, RecordDecl, Scalar, Settings, Type, Unit, Use
from bpflint.frontends.c.unit import load_unit

HEAD = """
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include "probe.skel.h"
struct key { __u32 pid; };
struct value { __u64 bytes; };
struct event { __u32 pid; char comm[16]; };
struct other { __u64 when; };
static struct { int events_fd; int twice; } env;
static const char *pinned = "/sys/fs/bpf/app/flows";
"""


def unit_of(tmp_path: Path, body: str) -> Unit:
    (tmp_path / "probe.c").write_text(HEAD + body)
    unit = load_unit(Job("c", "probe.c", "user", files=("probe.c",)), Settings(root=tmp_path)).units[0]
    assert unit.problems == ()
    return unit


def shown(type_: Type | None) -> str:
    match type_:
        case Scalar() | RecordDecl():
            return type_.name
        case Array(element=element, length=length):
            return f"{shown(element)}[{length}]"
        case Opaque():
            return "?"
        case _:
            return "" if type_ is None else type(type_).__name__


def facts(uses: tuple[Use, ...]) -> list[str]:
    return [f"{use.map} {use.role} {use.op} {shown(use.type)}" for use in uses]


MAIN = """
int main(void) {{ struct probe_bpf *skel = probe_bpf__open(); struct key k = {{}}; struct value v; {} return 0; }}
"""


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ("a skeleton's map", "int fd = bpf_map__fd(skel->maps.flows);"),
        ("a map kept in a variable", "struct bpf_map *m = skel->maps.flows; int fd; fd = bpf_map__fd(m);"),
        ("a name", 'int fd = bpf_object__find_map_fd_by_name(skel->obj, "flows");'),
        ("a name in two steps",
         'struct bpf_map *m = bpf_object__find_map_by_name(skel->obj, "flows"); int fd = -1; fd = bpf_map__fd(m);'),
        ("a pin", 'int fd = bpf_obj_get("/sys/fs/bpf/app/flows");'),
        ("a pin in a global", "int fd = bpf_obj_get(pinned);"),
        ("a pin put together",
         'char path[99]; snprintf(path, 99, "%s/%s", "/sys/fs/bpf/app", "flows"); int fd = bpf_obj_get(path);'),
        ("a pin below a folder",
         'char path[99]; sprintf(path, "%s/flows", getenv("X")); int fd = bpf_obj_get(path);'),
        ("a field", "env.events_fd = bpf_map__fd(skel->maps.flows); int fd = env.events_fd;"),
        ("either of two ways to one map",
         'int fd = skel ? bpf_map__fd(skel->maps.flows) : bpf_obj_get("/sys/fs/bpf/flows");'),
        ("a helper of another file",
         'int open_map_fd(const char *, const char *); int fd = open_map_fd("/x/y", "flows");'),
        ("the last of two assignments",
         "int fd = bpf_map__fd(skel->maps.other); k.pid = fd; fd = bpf_map__fd(skel->maps.flows);"),
    ],
)  # fmt: skip
def test_a_descriptor_is_followed_from(how: str, code: str, tmp_path: Path) -> None:
    unit = unit_of(tmp_path, MAIN.format(code + " bpf_map_lookup_elem(fd, &k, &v);"))
    assert facts(unit.uses) == ["flows key lookup key", "flows value lookup value"], how


@pytest.mark.parametrize(
    ("why", "code"),
    [
        ("two maps reach one place", "int fd = bpf_map__fd(skel->maps.a); if (k.pid) fd = bpf_map__fd(skel->maps.b);"),
        ("it comes from outside", "int open_it(void); int fd = open_it();"),
        ("another function may write it", "int fd = bpf_map__fd(skel->maps.a); int into(int *); into(&fd);"),
        ("a path ends in what is not known", 'char p[9]; sprintf(p, "%d", k.pid); int fd = bpf_obj_get(p);'),
        ("an element of an array that is not named",
         "int fds[3]; fds[k.pid] = bpf_map__fd(skel->maps.a); int fd = fds[1];"),
    ],
)  # fmt: skip
def test_no_guess_where(why: str, code: str, tmp_path: Path) -> None:
    unit = unit_of(tmp_path, MAIN.format(code + " bpf_map_lookup_elem(fd, &k, &v);"))
    assert unit.uses == (), why


def test_a_field_with_two_maps_is_none(tmp_path: Path) -> None:
    code = "env.twice = bpf_map__fd(skel->maps.a); env.twice = bpf_map__fd(skel->maps.b);"
    unit = unit_of(tmp_path, MAIN.format(code + " bpf_map_lookup_elem(env.twice, &k, &v);"))
    assert unit.uses == ()


def test_a_table_names_its_maps(tmp_path: Path) -> None:
    text = """
    struct row { const char *name; int fd; };
    static struct row rows[2];
    static int row_fd(int n) { return rows[n].fd; }
    static void init(void) {
        rows[0].name = "flows"; rows[1].name = "other";
        for (int i = 0; i < 2; i++) rows[i].fd = bpf_obj_get(rows[i].name);
    }
    int main(void) {
        struct key k; struct value v;
        init();
        bpf_map_lookup_elem(rows[1].fd, &k, &v);
        return bpf_map_delete_elem(row_fd(0), &k);
    }
    """
    assert facts(unit_of(tmp_path, text).uses) == [
        "other key lookup key", "other value lookup value", "flows key delete key"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("call", "want"),
    [
        ("bpf_map_update_elem(fd, &k, &v, 0);", ["key update key", "value update value"]),
        ("bpf_map_lookup_elem_flags(fd, &k, &v, 4);", ["key lookup key", "value lookup value"]),
        ("bpf_map_lookup_and_delete_elem(fd, &k, &v);", ["key lookup key", "value lookup value"]),
        ("bpf_map_delete_elem(fd, &k);", ["key delete key"]),
        ("bpf_map_get_next_key(fd, NULL, &k);", ["key iterate key"]),
        ("struct key next; bpf_map_get_next_key(fd, &k, &next);", ["key iterate key", "key iterate key"]),
        ("bpf_map__lookup_elem(m, &k, sizeof(k), &v, sizeof(v), 0);", ["key lookup key", "value lookup value"]),
        ("bpf_map__update_elem(m, &k, sizeof(k), &v, sizeof(v), 0);", ["key update key", "value update value"]),
        ("bpf_map__set_initial_value(m, &v, sizeof(v));", ["value update value"]),
        ("__u32 n = 4; struct key ks[4]; struct value vs[4]; bpf_map_lookup_batch(fd, 0, &n, ks, vs, &n, 0);",
         ["key lookup key", "value lookup value"]),
        ("__u32 n = 4; struct key ks[n]; struct value (*vs)[n]; bpf_map_lookup_batch(fd, 0, &n, ks, vs, &n, 0);",
         ["key lookup key", "value lookup value"]),
        ("__u32 n = 4; __u32 *ks = calloc(n, 4); bpf_map_delete_batch(fd, ks, &n, 0);", ["key delete __u32"]),
        ("__u32 n = 4, ks[4]; bpf_map_delete_batch(fd, &ks, &n, 0);", ["key delete __u32"]),
        ("__u8 mac[6]; bpf_map_delete_elem(fd, mac);", ["key delete __u8[6]"]),
        ("char one = 1; bpf_map_update_elem(fd, &k, &one, 0);", ["key update key", "value update char"]),
        ("void *buf = malloc(8); bpf_map_lookup_elem(fd, &k, buf);", ["key lookup key", "value lookup "]),
        ("__u64 *ips = calloc(9, 8); bpf_map_lookup_elem(fd, &k, ips);", ["key lookup key", "value lookup ?"]),
        ("__u64 *ips = calloc(9, 8); bpf_map_lookup_elem(fd, &k, &ips[0]);", ["key lookup key", "value lookup __u64"]),
        ("__u64 *ips = calloc(9, 8); bpf_map_delete_elem(fd, &ips[k.pid]);", ["key delete __u64"]),
        ("char *b = malloc(64); bpf_map_lookup_elem(fd, &b[0], &b[k.pid]);", ["key lookup ?", "value lookup ?"]),
        ("struct value *p = malloc(8); bpf_map_lookup_elem(fd, &k, p);", ["key lookup key", "value lookup value"]),
        ("void *p = &v; bpf_map_lookup_elem(fd, &k, p);", ["key lookup key", "value lookup value"]),
        ("char b[64]; bpf_map_lookup_elem(fd, &k, (struct value *)b);", ["key lookup key", "value lookup value"]),
    ],
)  # fmt: skip
def test_keys_and_values_have_the_type_that_is_passed(call: str, want: list[str], tmp_path: Path) -> None:
    code = f"struct bpf_map *m = skel->maps.flows; int fd = bpf_map__fd(m); {call}"
    found = facts(unit_of(tmp_path, MAIN.format(code)).uses)
    assert found == [f"flows {item}" for item in want]


def test_a_wrapper_is_resolved_at_its_callers(tmp_path: Path) -> None:
    text = """
    static int get(int fd, void *key, void *value) { return bpf_map_lookup_elem(fd, key, value); }
    static int put(struct bpf_map *map, struct key *key) { __u8 yes = 1; return bpf_map_update_elem(bpf_map__fd(map), key, &yes, 0); }
    int main(void) {
        struct probe_bpf *skel = probe_bpf__open();
        struct key k; struct value v; struct other o;
        get(bpf_map__fd(skel->maps.a), &k, &v);
        get(bpf_map__fd(skel->maps.b), &k, &o);
        return put(skel->maps.c, &k);
    }
    """  # noqa: E501 (C text)
    unit = unit_of(tmp_path, text)
    assert facts(unit.uses) == [
        "a key lookup key", "a value lookup value", "b key lookup key", "b value lookup other",
        "c key update key", "c value update __u8",
    ]  # fmt: skip
    assert {use.function for use in unit.uses} == {"main"}
    assert all(use.via for use in unit.uses)


@pytest.mark.parametrize(
    ("declare", "want"),
    [
        ("struct value vs[libbpf_num_possible_cpus()];", ("value", True, None)),
        ("struct value *vs = calloc(libbpf_num_possible_cpus(), sizeof(*vs));", ("value", True, None)),
        ("int n = libbpf_num_possible_cpus(); __u64 *vs = calloc(n, 8);", ("__u64", True, None)),
        ("int n = libbpf_num_possible_cpus(); __u64 *all = calloc(n, 8);\n#define vs &all[0]\n", ("__u64", True, None)),
        ("struct value *all = calloc(k.pid, 9);\n#define vs &all[3]\n", ("value", False, None)),
        ("struct value vs[4];", ("value[4]", False, 32)),
        ("int n = libbpf_num_possible_cpus(); struct value (*vs)[n] = calloc(9, sizeof(*vs));", ("value", True, None)),
    ],
)
def test_a_buffer_for_every_cpu(declare: str, want: tuple[str, bool, int | None], tmp_path: Path) -> None:
    code = f"int fd = bpf_map__fd(skel->maps.stats); {declare} bpf_map_lookup_elem(fd, &k, vs);"
    use = next(use for use in unit_of(tmp_path, MAIN.format(code)).uses if use.role == "value")
    assert (shown(use.type), use.per_cpu, use.size) == want


CALLBACKS = """
static int typed(void *ctx, void *data, size_t size) { const struct event *e = data; return e->pid; }
static int copied(void *ctx, void *data, size_t size) { struct event e; memcpy(&e, data, sizeof(e)); return e.pid; }
static int cast(void *ctx, void *data, size_t size) { return ((struct event *)data)->pid; }
static void show(const struct event *e) { printf("%u", e->pid); }
static int handed(void *ctx, void *data, size_t size) { show(data); return 0; }
static int inner(void *p) { struct event *e = p; return e->pid; }
static int deeper(void *ctx, void *data, size_t size) { void *p = data; return inner(p); }
static int direct(void *ctx, struct event *e, size_t size) { return e->pid; }
static int several(void *ctx, void *data, size_t size) {
    if (*(__u32 *)data == 1) { struct event *e = data; return e->pid; }
    struct other *o = data; return o->when;
}
static int later(void *ctx, void *data, size_t size) { struct event *e = (void *)((char *)data + 8); return e->pid; }
static void sample(void *ctx, int cpu, void *data, __u32 size) { const struct event *e = data; show(e); }
static void lost(void *ctx, int cpu, __u64 count) {}
"""


@pytest.mark.parametrize(
    ("code", "want"),
    [
        ("ring_buffer__new(bpf_map__fd(skel->maps.events), typed, NULL, NULL);", ["event"]),
        ("ring_buffer__new(bpf_map__fd(skel->maps.events), copied, NULL, NULL);", ["event"]),
        ("ring_buffer__new(bpf_map__fd(skel->maps.events), cast, NULL, NULL);", ["event"]),
        ("ring_buffer__new(bpf_map__fd(skel->maps.events), handed, NULL, NULL);", ["event"]),
        ("ring_buffer__new(bpf_map__fd(skel->maps.events), deeper, NULL, NULL);", ["event"]),
        ("ring_buffer__new(bpf_map__fd(skel->maps.events), (ring_buffer_sample_fn)direct, NULL, NULL);", ["event"]),
        ("ring_buffer__new(bpf_map__fd(skel->maps.events), several, NULL, NULL);", ["event", "other"]),
        ("ring_buffer__new(bpf_map__fd(skel->maps.events), later, NULL, NULL);", []),
        ("struct ring_buffer *rb = 0; ring_buffer__add(rb, bpf_map__fd(skel->maps.events), typed, NULL);", ["event"]),
        ("perf_buffer__new(bpf_map__fd(skel->maps.events), 8, sample, lost, NULL, NULL);", ["event"]),
        ("struct perf_buffer_opts o = { .sample_cb = sample, .lost_cb = lost };"
         " perf_buffer__new(bpf_map__fd(skel->maps.events), 8, &o);", ["event"]),
        ("struct perf_buffer_opts o = {}; o.sample_cb = sample;"
         " perf_buffer__new(bpf_map__fd(skel->maps.events), 8, &o);", ["event"]),
        ("void *buf_new(struct bpf_map *, struct bpf_map *); int buf_open(void *, ring_buffer_sample_fn);"
         " void *b = buf_new(skel->maps.events, skel->maps.heap); buf_open(b, typed);", ["event"]),
        ("qsort(&k, 1, 4, (void *)typed);", []),
    ],
)  # fmt: skip
def test_a_callback_reads_its_data_as(code: str, want: list[str], tmp_path: Path) -> None:
    unit = unit_of(tmp_path, CALLBACKS + MAIN.format(code))
    assert facts(unit.uses) == [f"events event decode {item}" for item in want]


def test_names_are_references(tmp_path: Path) -> None:
    code = """
    struct bpf_object *o = skel->obj;
    bpf_object__find_map_by_name(o, "flows");
    bpf_object__find_program_by_name(o, "on_entry");
    """
    unit = unit_of(tmp_path, MAIN.format(code))
    assert [(item.kind, item.name) for item in unit.references] == [("map", "flows"), ("program", "on_entry")]


OBJECTS = """
#define find(o) bpf_object__find_map_by_name(o, "flows")
struct other_env { struct bpf_object *obj; };
struct other_env *env_of(void);
struct bpf_object *open_any(int, const char *);
int open_into(const char *, struct bpf_object **);
struct xdp_program *xdp_program__open_file(const char *, const char *, void *);
struct bpf_object *xdp_program__bpf_obj(struct xdp_program *);
static struct bpf_object *kept;
"""


@pytest.mark.parametrize(
    ("how", "code", "want"),
    [
        ("a skeleton's own", "find(skel->obj);", "probe"),
        ("kept in a global", "kept = skel->obj; find(kept);", "probe"),
        ("opened by a name", 'find(bpf_object__open_file("build/other.bpf.o", NULL));', "other.bpf.o"),
        ("opened by a name in a buffer",
         'char path[64]; snprintf(path, sizeof(path), "%s/other.bpf.o", "/usr"); find(bpf_object__open(path));',
         "other.bpf.o"),
        ("opened by a helper of another file", 'find(open_any(1, "other.bpf.o"));', "other.bpf.o"),
        ("given by address", 'struct bpf_object *o = 0; open_into("other.bpf.o", &o); find(o);', "other.bpf.o"),
        ("of libxdp", 'find(xdp_program__bpf_obj(xdp_program__open_file("other.bpf.o", "xdp", NULL)));', "other.bpf.o"),
        ("NULL where it cannot be opened",
         'struct bpf_object *o = NULL; if (k.pid) o = bpf_object__open("other.bpf.o"); find(o);', "other.bpf.o"),
        ("named at run time", 'find(bpf_object__open_file(getenv("OBJECT"), NULL));', None),
        ("put together", 'char path[64]; snprintf(path, 64, "%s.bpf.o", "x"); find(bpf_object__open(path));', None),
        ("in memory", "find(bpf_object__open_mem(&k, sizeof(k), NULL));", None),
        ("one of two", 'find(k.pid ? skel->obj : bpf_object__open("other.bpf.o"));', None),
        ("a field of something else", "find(env_of()->obj);", None),
    ],
)  # fmt: skip
def test_the_object_that_a_name_is_looked_up_in(how: str, code: str, want: str | None, tmp_path: Path) -> None:
    unit = unit_of(tmp_path, OBJECTS + MAIN.format(code))
    assert {(item.name, item.loader) for item in unit.references} == {("flows", want)}, how


@pytest.mark.parametrize(
    ("how", "functions", "code", "want"),
    [
        ("from one place", "", "given(skel->obj);", "probe"),
        ("through another function", "static int twice(struct bpf_object *o) { return given(o); }", "twice(skel->obj);",
         "probe"),
        ("from two places", "", 'given(skel->obj); given(bpf_object__open("other.bpf.o"));', None),
        ("from nowhere", "", "", None),
        ("from a function that nobody calls", "int twice(struct bpf_object *o) { return given(o); }", "", None),
    ],
)  # fmt: skip
def test_an_object_is_passed(how: str, functions: str, code: str, want: str | None, tmp_path: Path) -> None:
    given = "static int given(struct bpf_object *o) { return find(o) != 0; }\n"
    unit = unit_of(tmp_path, OBJECTS + given + functions + MAIN.format(code))
    assert {item.loader for item in unit.references} == {want}, how


@pytest.mark.parametrize(("main", "want"), [(True, "probe"), (False, None)])
def test_only_a_program_knows_all_callers_of_its_functions(main: bool, want: str | None, tmp_path: Path) -> None:
    text = """
    int of(struct bpf_object *o) { return bpf_object__find_map_by_name(o, "flows") != 0; }
    """
    unit = unit_of(tmp_path, text + MAIN.format("of(skel->obj);").replace("main", "main" if main else "run"))
    assert [item.loader for item in unit.references] == [want]


def test_a_function_of_a_header_is_called_by_any_file(tmp_path: Path) -> None:
    (tmp_path / "lib.h").write_text(
        "#include <bpf/libbpf.h>\n"
        'static inline int of(struct bpf_object *o) { return bpf_object__find_map_by_name(o, "flows") != 0; }\n'
    )
    unit = unit_of(tmp_path, '#include "lib.h"\n' + MAIN.format("of(skel->obj);"))
    assert [(item.span.path, item.loader) for item in unit.references] == [("lib.h", None)]


def test_recursion_and_loops_of_callers_end(tmp_path: Path) -> None:
    text = """
    static int b(int fd, void *k);
    static int a(int fd, void *k) { return b(fd, k); }
    static int b(int fd, void *k) { bpf_map_delete_elem(fd, k); return a(fd, k); }
    int main(void) { struct probe_bpf *s = probe_bpf__open(); struct key k; return a(bpf_map__fd(s->maps.m), &k); }
    """
    assert facts(unit_of(tmp_path, text).uses) == ["m key delete key"]


def test_descriptors_that_are_set_from_each_other_are_none(tmp_path: Path) -> None:
    code = "env.twice = dup(env.events_fd); env.events_fd = dup(env.twice); bpf_map_delete_elem(env.twice, &k);"
    assert unit_of(tmp_path, "int dup(int);" + MAIN.format(code)).uses == ()


def test_many_ways_to_a_value_take_no_time(tmp_path: Path) -> None:
    tests = "".join(f"if (k.pid == {n}) fd = k.pid ? fd : fd + {n};" for n in range(200))
    code = f"int fd = bpf_map__fd(skel->maps.flows); {tests} bpf_map_delete_elem(fd, &k);"
    assert unit_of(tmp_path, MAIN.format(code)).uses == ()
