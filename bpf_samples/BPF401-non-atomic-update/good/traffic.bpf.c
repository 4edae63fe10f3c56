// The same counters where nothing can be lost, and updates that only look shared.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct traffic { u64 packets; u64 bytes; };
struct guarded { struct bpf_spin_lock lock; u32 unused; u64 tokens; u64 used; };

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 256);
	__type(key, u32);
	__type(value, struct traffic);
} traffic SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct guarded);
} buckets SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, u32);
	__type(value, struct traffic);
} threads SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct traffic);
} tasks SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 16);
} events SEC(".maps");

// The caller holds the lock.
static __always_inline void take(struct guarded *bucket, u64 count)
{
	bucket->tokens -= count;
	bucket->used += count;
}

SEC("tc")
int limit(struct __sk_buff *skb)
{
	u32 zero = 0;
	struct traffic *mine = bpf_map_lookup_elem(&traffic, &zero);
	struct guarded *bucket = bpf_map_lookup_elem(&buckets, &zero);

	if (mine)
		mine->packets++;
	if (!bucket)
		return 0;
	bpf_spin_lock(&bucket->lock);
	take(bucket, 1);
	bucket->used++;
	bpf_spin_unlock(&bucket->lock);
	__sync_fetch_and_add(&bucket->used, 1);
	return 0;
}

SEC("raw_tp/sys_enter")
int on_enter(void *ctx)
{
	u32 tid = bpf_get_current_pid_tgid();
	struct traffic fresh = {};
	struct traffic *mine = bpf_map_lookup_elem(&threads, &tid);
	struct traffic *event;

	if (mine)
		mine->packets++; // only this thread comes here with this key
	fresh.packets++;
	fresh.bytes += 8;
	bpf_map_update_elem(&threads, &tid, &fresh, BPF_ANY); // not published before this line

	event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (!event)
		return 0;
	event->packets = fresh.packets;
	event->bytes = 0;
	event->bytes += fresh.bytes;
	bpf_ringbuf_submit(event, 0);
	return 0;
}

SEC("fentry/vfs_read")
int on_read(void *ctx)
{
	struct traffic *mine = bpf_task_storage_get(&tasks, bpf_get_current_task_btf(), 0, BPF_LOCAL_STORAGE_GET_F_CREATE);

	if (mine)
		mine->packets++;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

struct goroutine { u32 tgid; s64 goid; };

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, struct goroutine);
	__type(value, struct traffic);
} calls SEC(".maps");

static __always_inline u64 goid_of(void *ctx)
{
	u64 id = 0;

	bpf_probe_read_user(&id, sizeof(id), (void *)((unsigned long)ctx + 152));
	return id;
}

// A goroutine runs on one CPU at a time.
SEC("uprobe/write")
int on_write(void *ctx)
{
	struct goroutine key = {};
	struct traffic *t;

	key.tgid = bpf_get_current_pid_tgid() >> 32;
	key.goid = goid_of(ctx);
	t = bpf_map_lookup_elem(&calls, &key);
	if (t)
		t->bytes = t->bytes + 1;
	return 0;
}

/* A scheduler is set up once, by whoever loads it. */
u32 domains;

static void add_domain(void)
{
	domains++;
}

SEC("struct_ops.s/plain_init")
int plain_init(void *ctx)
{
	add_domain();
	add_domain();
	return domains;
}
