"""The same in bcc's dialect."""
import ctypes as ct

from bcc import BPF

text = r"""
struct data_t {
    u32 pid;
    u64 delta;
    char task[16];
};
BPF_PERF_OUTPUT(events);

int on_call(struct pt_regs *ctx) {
    u32 pid = bpf_get_current_pid_tgid() >> 32;
    struct data_t data = {.pid = pid, .delta = bpf_ktime_get_ns()};
    bpf_get_current_comm(&data.task, sizeof(data.task));
    events.perf_submit(ctx, &data, sizeof(data));  // want BPF113 "bytes 4..7 (hole after `pid`) of its 32 bytes are left to the compiler"
    return 0;
}
"""


class Data(ct.Structure):
    _fields_ = [("pid", ct.c_uint32), ("delta", ct.c_uint64), ("task", ct.c_char * 16)]


b = BPF(text=text)
b.attach_kprobe(event="vfs_read", fn_name="on_call")
b["events"].open_perf_buffer(lambda cpu, data, size: print(ct.cast(data, ct.POINTER(Data)).contents.pid))
