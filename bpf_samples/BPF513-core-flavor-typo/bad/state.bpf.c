// Two underscores: libbpf looks for kernel structs of exactly these names.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>

struct task_struct__old { // want BPF513 "`task_struct___old`"
	long state;
} __attribute__((preserve_access_index));

struct nf_conn__before_6_1 { // want BPF513 "`nf_conn___before_6_1`"
	__u32 mark;
};

SEC("tp_btf/sched_switch")
int on_switch(__u64 *ctx)
{
	struct task_struct__old *task = (void *)ctx[1];

	if (bpf_core_field_exists(task->state))
		return BPF_CORE_READ(task, state);
	return 0;
}

SEC("kprobe/nf_confirm")
int on_confirm(struct pt_regs *ctx)
{
	struct nf_conn__before_6_1 *conn = (void *)PT_REGS_PARM1(ctx);

	return BPF_CORE_READ(conn, mark);
}

char LICENSE[] SEC("license") = "GPL";
