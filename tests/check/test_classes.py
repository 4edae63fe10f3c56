"""Is a refusal told by its telling line, and in the right class? Lines of kernels 5.10 to 6.18 and of verifier.c."""

from __future__ import annotations

import pytest

from bpflint.check.programs import class_of
from bpflint.check.witnesses._base import last_words

_LINES = {
    "bounds": (
        "math between map_value pointer and register with unbounded min value is not allowed",
        "R1 unbounded memory access, make sure to bounds check any such access",
        "invalid access to map value, value_size=8 off=8 size=1",
        "invalid access to packet, off=0 size=14, R1(id=0,off=0,r=0)",
        "R2 min value is negative, either use unsigned or 'var &= const'",
        "R1 max value is outside of the allowed memory range",
    ),
    "nullable": (
        "R0 invalid mem access 'map_value_or_null'",
        "R0 pointer arithmetic on sock_or_null prohibited, null-check it first",
        "R1 type=sock_or_null expected=sock_common, sock, tcp_sock, xdp_sock, ptr_, trusted_ptr_",
        "R2 type=trusted_ptr_or_null_ expected=sock_common, sock, tcp_sock, xdp_sock, ptr_, trusted_ptr_",
    ),
    "uninitialised": ("R2 !read_ok", "invalid indirect read from stack R2 off -16+4 size 16"),
    "reference": (
        "Unreleased reference id=2 alloc_insn=12",
        "BPF_EXIT instruction in main prog would lead to reference leak",
    ),
    "range": (
        "At program exit the register R0 has smin=0 smax=4294967295 should have been in [0, 1]",
        "At program exit the register R0 has value (0x0; 0xffffffff) should have been in (0x0; 0x1)",
    ),
    "type": (
        "R6 invalid mem access 'scalar'",
        "R6 invalid mem access 'inv'",
        "R0 pointer arithmetic on sock prohibited",
        "Caller passes invalid args into func#1 ('foo')",
        "Arg#0 type PTR in foo() is not supported yet.",
        "R1 type=ctx expected=fp, pkt, pkt_meta, map_value",
    ),
    "context": (
        "invalid bpf_context access off=8 size=8",
        "dereference of modified ctx ptr R1 off=8 disallowed",
        "func 'bpf_lsm_file_open' doesn't have 3-th argument",
    ),
    "helper": (
        "program of this type cannot use helper bpf_get_socket_cookie#46",
        "unknown func bpf_sk_storage_delete#108",
        "invalid func unknown#158",
        "cannot pass map_type 2 into func bpf_tail_call#12",
        "calling kernel function bpf_task_from_pid is not allowed",
    ),
    "loop": (
        "The sequence of 8193 jumps is too complex.",
        "the call stack of 8 frames is too deep !",
        "back-edge from insn 12 to 4",
        "infinite loop detected at insn 20",
        "BPF program is too large. Processed 1000001 insn",
        "combined stack size of 2 calls is 544. Too large",
    ),
    "lock": ("function calls are not allowed while holding a lock", "bpf_spin_unlock is missing"),
    "licence": ("cannot call GPL-restricted function from non-GPL compatible program",),
    "instruction": ("BPF_STX uses reserved fields", "unreachable insn 7", "last insn is not an exit or jmp"),
    "map": (
        "libbpf: map 'socket_storage': failed to create: Invalid argument(-22)",
        "libbpf: map 'percpu_netcnt': failed to create: Argument list too long(-7)",
    ),
    "object": ("number of funcs in func_info doesn't match number of subprogs",),
    "capability": ("R2 pointer comparison prohibited", "destructive kfunc calls require CAP_SYS_BOOT capabilities"),
    "environment": (
        "libbpf: prog 'block_io_start': failed to find kernel BTF type ID of '__block_io_start': -3",
        "libbpf: extern (func ksym) 'bpf_testmod_test_mod_kfunc': not found in kernel or module BTFs",
        "libbpf: extern '__per_cpu_start' (strong): not resolved",
        "libbpf: prog 'bpf_prog1': missing BPF prog type, check ELF section name 'sk_msg1'",
        "libbpf: prog 'new_get_skb_len': attach program FD is not set",
        "libbpf: failed to open system Kconfig",
        "failed to resolve CO-RE relocation <byte_off> [20] struct core_reloc_ints.u8_field (0:0 @ offset 0)",
        "ldimm64 failed to find the address for kernel symbol 'bpf_task_storage_busy'.",
        "bpf_modify_return_test() is not modifiable",
        "bpf_fentry_test1 is not sleepable",
    ),
    "": ("processed 12 insns (limit 1000000)", "no message"),
}


@pytest.mark.parametrize(("words", "name"), [(line, name) for name, lines in _LINES.items() for line in lines])
def test_a_line_has_the_class_of_what_it_says(words: str, name: str) -> None:
    assert class_of(words) == name


_STATS = "processed 46 insns (limit 1000000) max_states_per_insn 0 total_states 4 peak_states 4 mark_read 0\n"
_LOGS = (
    "; return value->seen; @ a.c:12\n14: (61) r0 = *(u32 *)(r0 +0)\nR0 invalid mem access 'map_value_or_null'\n",
    "func#0 @0\n0: R1=ctx(off=0,imm=0) R10=fp0\n3: (79) r2 = *(u64 *)(r1 +8)\n"
    "invalid bpf_context access off=8 size=8\n",
    "R1 type=ctx expected=fp\nverification time 20 usec\nstack depth 24+8\n",
    "mark_precise: frame0: last_idx 9 first_idx 4 subseq_idx -1\n"
    "mark_precise: frame0: regs=r2 stack= before 8: (bf) r2 = r1\n"
    "R2 min value is negative, either use unsigned or 'var &= const'\n",
    "from 12 to 14: R0=inv(id=0) R6=ctx(id=0,off=0,imm=0) R10=fp0\n14: (95) exit\n"
    "Unreleased reference id=2 alloc_insn=12\n",
)  # fmt: skip
_TELLING = (
    "R0 invalid mem access 'map_value_or_null'", "invalid bpf_context access off=8 size=8", "R1 type=ctx expected=fp",
    "R2 min value is negative, either use unsigned or 'var &= const'", "Unreleased reference id=2 alloc_insn=12",
)  # fmt: skip


@pytest.mark.parametrize(("log", "words"), list(zip(_LOGS, _TELLING, strict=True)))
def test_the_telling_line_is_the_last_that_is_not_the_way_there(log: str, words: str) -> None:
    assert last_words({"errno": "EACCES", "log": log + _STATS, "said": []}) == words


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (
            ["libbpf: Error in bpf_create_map_xattr(start):Invalid argument(-22). Retrying without BTF.",
             "libbpf: map 'start': failed to create: Invalid argument(-22)", "libbpf: failed to load object 'object'"],
            "libbpf: map 'start': failed to create: Invalid argument(-22)",
        ),
        (
            ["libbpf: prog 'p': failed to find kernel BTF type ID of 'gone': -3",
             "libbpf: prog 'p': failed to prepare load attributes: -3", "libbpf: prog 'p': failed to load: -3",
             "libbpf: failed to load object 'object'"],
            "libbpf: prog 'p': failed to find kernel BTF type ID of 'gone': -3",
        ),
        (["libbpf: prog 'p': BPF program load failed: Operation not permitted",
          "libbpf: permission error while running as root; try raising 'ulimit -l'? current value: 8.0 MiB",
          "libbpf: prog 'p': failed to load: -1", "libbpf: failed to load object 'object'"],
         "libbpf: prog 'p': BPF program load failed: Operation not permitted"),
        ([], "no message"),
    ],
)  # fmt: skip
def test_libbpf_is_quoted_with_the_cause(said: list[str], words: str) -> None:
    assert last_words({"errno": "EINVAL", "log": "", "said": said}) == words
