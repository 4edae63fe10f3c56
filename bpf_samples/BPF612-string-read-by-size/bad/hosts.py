from bcc import BPF

text = """
#include <uapi/linux/ptrace.h>

struct lookup {
    u32 pid;
    char host[80];
};

BPF_HASH(requests, u32, struct lookup);

int on_lookup(struct pt_regs *ctx)
{
    struct lookup request = {};
    u32 tid = bpf_get_current_pid_tgid();

    request.pid = tid;
    bpf_probe_read_user(&request.host, sizeof(request.host), // want BPF612 "use bpf_probe_read_user_str()"
                        (void *)PT_REGS_PARM1(ctx));
    requests.update(&tid, &request);
    return 0;
}
"""

b = BPF(text=text)
b.attach_uprobe(name="c", sym="getaddrinfo", fn_name="on_lookup")
for tid, request in b["requests"].items():
    print(tid.value, request.pid, request.host)
