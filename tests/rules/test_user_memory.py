"""Which pointers are known to lead into user space, and which are left alone?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bpflint.api import Context, Job, Project, Settings, Severity
from bpflint.frontends.c import CFrontEnd
from bpflint_rules._flow import argument
from bpflint_rules._maps import maps_of
from bpflint_rules._user_memory import UserMemory
from bpflint_rules.bpf512_user_pointer_read_as_kernel import UserPointerReadAsKernel

HEAD = """
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
struct trace_event_raw_sys_enter { __u64 entry; long id; unsigned long args[6]; };
struct iovec { void *iov_base; __u64 iov_len; };
char to[16];
static __always_inline void both(void *p) { bpf_probe_read_kernel(&to, 8, p); }
"""
ENTER = 'SEC("tp/syscalls/sys_enter_write") int prog(struct trace_event_raw_sys_enter *ctx) { %s return 0; }'
Holds = Callable[[str], list[bool]]


@pytest.fixture
def holds(tmp_path: Path) -> Holds:
    """Return, for each probe read of the program, whether its source is user memory."""

    def run(program: str) -> list[bool]:
        (tmp_path / "p.bpf.c").write_text(HEAD + program)
        unit = CFrontEnd().load(Job("c", "p.bpf.c", "bpf"), Settings(root=tmp_path)).units[0]
        assert not unit.problems, unit.problems
        maps = maps_of(unit, Context(Settings(root=tmp_path), Project((unit,))))
        memory = UserMemory(unit, maps)
        return [
            memory.holds(source, site.function)
            for function in filter(maps.is_live, unit.functions) for site in maps.sites(function)
            if site.call.callee.startswith("bpf_probe_read") and (source := argument(site.call, 2)) is not None
        ]  # fmt: skip

    return run


@pytest.mark.parametrize(
    "program",
    [
        ENTER % "bpf_probe_read_kernel(&to, 8, (void *)ctx->args[1]);",
        ENTER % "char *p = (char *)ctx->args[1]; bpf_probe_read_kernel(&to, 8, p + 4);",
        ENTER % "void *p = 0; p = (void *)ctx->args[1]; bpf_probe_read_kernel(&to, 8, p);",
        'SEC("kprobe/vfs_write") int BPF_KPROBE(prog, void *file, char *data) '
        "{ bpf_probe_read_kernel(&to, 8, data); return 0; }",
        'SEC("uprobe") int BPF_UPROBE(prog, char *name) { bpf_probe_read_kernel(&to, 8, name); return 0; }',
    ],
)
def test_a_pointer_of_user_space(holds: Holds, program: str) -> None:
    assert holds(program) == [True]


def test_what_is_read_through_a_user_pointer_is_one_too(holds: Holds) -> None:
    body = (
        "const char *word; const char **list = (const char **)ctx->args[1];"
        "bpf_probe_read_kernel(&word, sizeof(word), &list[1]); bpf_probe_read_kernel(&to, 8, word);"
    )
    assert holds(ENTER % body) == [True, True]


@pytest.mark.parametrize(
    "program",
    [
        ENTER % "bpf_probe_read_kernel(&to, 8, &ctx->args[1]);",
        ENTER % "void *p = (void *)ctx->args[1]; p = to; bpf_probe_read_kernel(&to, 8, p);",
        ENTER % "bpf_probe_read_kernel(&to, 8, (void *)bpf_get_current_task());",
        'SEC("kprobe/vfs_write") int BPF_KPROBE(prog, void *file) { bpf_probe_read_kernel(&to, 8, file); return 0; }',
        'SEC("kprobe/tcp_connect") int prog(struct pt_regs *ctx) '
        "{ bpf_probe_read_kernel(&to, 8, (void *)PT_REGS_PARM1(ctx)); return 0; }",
    ],
)
def test_kernel_memory_and_what_nobody_can_tell(holds: Holds, program: str) -> None:
    assert holds(program) == [False]


def test_a_helper_function_called_with_both_kinds_is_left_alone(holds: Holds) -> None:
    assert holds(ENTER % "both((void *)ctx->args[1]); both((void *)bpf_get_current_task());") == [False]


STORE = """
struct args { const char *name; unsigned long flags; void *other; };
struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 9); __type(key, __u32); __type(value, struct args); }
    calls SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 9); __type(key, __u32); __type(value, void *); }
    names SEC(".maps");
SEC("tp/syscalls/sys_exit_openat") int back(void *ctx)
{
    __u32 key = 1; struct args *a = bpf_map_lookup_elem(&calls, &key); void **p = bpf_map_lookup_elem(&names, &key);
    if (a) bpf_probe_read_kernel(&to, 8, a->name);
    if (p) bpf_probe_read_kernel(&to, 8, *p);
    return 0;
}
"""
PUT = (
    "__u32 key = 1; void *p = (void *)ctx->args[1]; struct args a = {}; a.name = p;"
    "bpf_map_update_elem(&calls, &key, &a, 0); bpf_map_update_elem(&names, &key, &p, 0);"
)


def test_what_a_map_keeps_between_two_programs_is_followed(holds: Holds) -> None:
    assert holds(STORE + ENTER % PUT) == [True, True]


@pytest.mark.parametrize(
    ("more", "member", "value"),
    [
        ("a.name = to;", False, True),
        ("p = to;", False, False),
        ("bpf_map_update_elem(&names, &key, (void *)ctx, 0);", True, False),
        ("void *k = to; bpf_map_update_elem(&names, &key, &k, 0);", True, False),
        ("void **q = bpf_map_lookup_elem(&names, &key); if (q) *q = to;", True, False),
        ("struct args b = {.name = to}; bpf_map_update_elem(&calls, &key, &b, 0);", False, True),
        ("__builtin_memcpy(&a, to, sizeof(a));", False, True),
        ("a.other = to; a.flags = 3;", True, True),
    ],
)
def test_what_is_put_into_it_elsewhere_counts_too(holds: Holds, more: str, member: bool, value: bool) -> None:
    assert holds(STORE + ENTER % (PUT + more)) == [member, value]


def test_a_member_that_no_program_sets_is_not_known(holds: Holds) -> None:
    assert holds(STORE + ENTER % "") == [False, False]


@pytest.mark.parametrize(("source", "known"), [("&((char **)ctx->args[1])[2]", True), ("&to", False)])
def test_a_member_is_what_a_read_puts_into_it(holds: Holds, source: str, known: bool) -> None:
    put = f"__u32 key = 1; struct args a = {{}}; bpf_probe_read_user(&a.name, sizeof(a.name), {source});"
    assert holds(STORE + ENTER % (put + "bpf_map_update_elem(&calls, &key, &a, 0);"))[0] is known


@pytest.mark.parametrize(
    ("targets", "severity"), [(("x86_64", "arm64"), Severity.INFO), (("x86_64", "s390x"), Severity.WARNING)]
)
def test_a_read_that_guesses_is_as_bad_as_the_targets_make_it(
    tmp_path: Path, targets: tuple[str, ...], severity: Severity
) -> None:
    """Where user and kernel addresses never overlap it reads the right bytes; the reads of a body are one finding."""
    body = "void *p = (void *)ctx->args[1]; bpf_probe_read(&to, 8, p); bpf_probe_read(&to, 8, p + 8);"
    (tmp_path / "p.bpf.c").write_text(HEAD + ENTER % body)
    settings = Settings(root=tmp_path, targets=targets)
    unit = CFrontEnd().load(Job("c", "p.bpf.c", "bpf"), settings).units[0]
    found = list(UserPointerReadAsKernel().check_unit(unit, Context(settings, Project((unit,)))))
    assert [(item.severity, len(item.related)) for item in found] == [(severity, 1)]
