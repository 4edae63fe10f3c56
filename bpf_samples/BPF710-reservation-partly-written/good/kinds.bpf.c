/* Events whose kind says which fields they have, and memory that a function fills before it hands it out. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

enum kind { EXEC = 1, EXIT, CONNECT };

struct event {
	__u8 kind;
	__u8 _pad[3];
	__u32 pid;
	__u32 exit_code;
	__u64 duration;
	char path[64];
	char action[8];
};
struct net_event {
	__u32 type;
	union {
		struct { __u32 pid; __u64 when; } exec;
		struct { __u8 address[16]; __u16 port; } connect;
	};
};
struct call {
	__u32 protocol;
	__u32 method;
	__u16 version;
	__u32 statement;
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 16);
} events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, struct call);
} scratch SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u64);
	__type(value, struct call);
} open_calls SEC(".maps");

char LICENSE[] SEC("license") = "GPL";

static __always_inline struct event *new_event(__u8 kind)
{
	struct event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);

	if (!event)
		return NULL;
	event->kind = kind;
	event->pid = bpf_get_current_pid_tgid() >> 32;
	return event;
}

static __always_inline void set_action(char action[8], int audit)
{
	if (audit) {
		__builtin_memcpy(action, "AUDIT", sizeof("AUDIT"));
		return;
	}
	__builtin_memcpy(action, "BLOCK", sizeof("BLOCK"));
}

static __always_inline struct call *cleared_call(void)
{
	__u32 key = 0;
	struct call *zero = bpf_map_lookup_elem(&scratch, &key), *call;

	if (!zero)
		return NULL;
	key = 1;
	call = bpf_map_lookup_elem(&scratch, &key);
	if (!call)
		return NULL;
	bpf_probe_read_kernel(call, sizeof(*call), zero);
	return call;
}

static __always_inline int is_versioned(const char *data, __u16 *version)
{
	__u16 seen = 0;

	if (bpf_probe_read_user(&seen, sizeof(seen), data) || seen < 3)
		return 0;
	*version = seen;
	return 1;
}

SEC("tp/sched/sched_process_exec")
int on_exec(struct trace_event_raw_sched_process_exec *ctx)
{
	struct event *event = new_event(EXEC);

	if (!event)
		return 0;
	bpf_probe_read_kernel_str(event->path, sizeof(event->path), ctx);
	set_action(event->action, ctx->pid & 1);
	bpf_ringbuf_submit(event, 0);
	return 0;
}

SEC("tp/sched/sched_process_exit")
int on_exit(void *ctx)
{
	struct event *event = new_event(EXIT);

	if (!event)
		return 0;
	event->exit_code = bpf_get_prandom_u32();
	event->duration = bpf_ktime_get_ns();
	bpf_ringbuf_submit(event, 0);
	return 0;
}

SEC("kprobe/tcp_connect")
int flows(struct pt_regs *ctx)
{
	struct net_event *flow = bpf_ringbuf_reserve(&events, sizeof(*flow), 0);

	if (!flow)
		return 0;
	flow->type = CONNECT;
	bpf_probe_read_kernel(flow->connect.address, sizeof(flow->connect.address), ctx);
	flow->connect.port = 0;
	bpf_ringbuf_submit(flow, 0);
	return 0;
}

SEC("kprobe/wake_up_new_task")
int starts(struct pt_regs *ctx)
{
	struct net_event *flow = bpf_ringbuf_reserve(&events, sizeof(*flow), 0);

	if (!flow)
		return 0;
	flow->type = EXEC;
	flow->exec.pid = 1;
	flow->exec.when = bpf_ktime_get_ns();
	bpf_ringbuf_submit(flow, 0);
	return 0;
}

SEC("kprobe/vfs_write")
int asked(struct pt_regs *ctx)
{
	__u32 zero = 0;
	struct call *call = bpf_map_lookup_elem(&scratch, &zero);

	if (!call)
		return 0;
	call->protocol = bpf_get_prandom_u32();
	call->method = 0;
	call->statement = 0;
	if (call->protocol == 7)
		call->version = 3;
	return bpf_ringbuf_output(&events, call, sizeof(*call), 0);
}

SEC("kprobe/vfs_read")
int copied_from_zero(struct pt_regs *ctx)
{
	struct call *call = cleared_call();

	if (!call)
		return 0;
	if (bpf_get_prandom_u32() & 1)
		call->statement = 2;
	return bpf_ringbuf_output(&events, call, sizeof(*call), 0);
}

SEC("uprobe/send")
int kept_for_the_return(struct pt_regs *ctx)
{
	__u64 id = bpf_get_current_pid_tgid();
	__u32 zero = 0;
	struct call *call = bpf_map_lookup_elem(&scratch, &zero);

	if (!call)
		return 0;
	call->protocol = 0;
	if (is_versioned((void *)ctx, &call->version))
		call->protocol = bpf_get_prandom_u32();
	call->method = 0;
	call->statement = 0;
	bpf_map_update_elem(&open_calls, &id, call, BPF_ANY);
	return 0;
}

SEC("uretprobe/send")
int done(struct pt_regs *ctx)
{
	__u64 id = bpf_get_current_pid_tgid();

	bpf_map_delete_elem(&open_calls, &id);
	return 0;
}
