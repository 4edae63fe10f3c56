"""Counts system calls by process; the threads of one process run on several CPUs."""
from bcc import BPF

text = r"""
BPF_HASH(calls, u32, u64);

TRACEPOINT_PROBE(raw_syscalls, sys_enter) {
    u32 process = bpf_get_current_pid_tgid() >> 32;
    u64 zero = 0;
    u64 *count = calls.lookup_or_try_init(&process, &zero);
    if (count)
        ++(*count);  // want BPF401 "`*count` is changed"
    return 0;
}
"""

b = BPF(text=text)
