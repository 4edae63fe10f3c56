// Keys and values of the declared size, and the shapes that only look wrong.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct address { u32 prefixlen; u8 bytes[16]; };
struct alloc { u64 start; u64 size; };
struct traced { struct alloc request; u32 cpu; u32 unused; };

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, u64);
	__type(value, struct alloc);
} requests SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(max_entries, 64);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct address);
	__type(value, u32);
} allowed SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, char[16]);
	__type(value, u32);
} names SEC(".maps");

static __always_inline void *find(void *map, const void *key)
{
	return bpf_map_lookup_elem(map, key);
}

SEC("kprobe/__alloc_skb")
int on_entry(void *ctx)
{
	u64 key = (u32)bpf_get_current_pid_tgid();
	// A larger struct that begins with the value stands for it.
	struct traced traced = { .request = { .start = bpf_ktime_get_ns() }, .cpu = bpf_get_smp_processor_id() };

	bpf_map_update_elem(&requests, &key, &traced, BPF_ANY);
	find(&requests, &key);
	return 0;
}

SEC("kprobe/vfs_open")
int on_open(void *ctx)
{
	// A buffer may be longer than the key, and a pointer to bytes says nothing about what stands there.
	char name[32] = {};
	unsigned char *bytes = (unsigned char *)name;
	struct address address = { .prefixlen = 128 };

	bpf_get_current_comm(name, sizeof(name));
	find(&names, name);
	find(&names, bytes);
	find(&allowed, &address);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

enum family { V4, V6 };
struct tuple4 { u32 source, target; };
struct tuple6 { u8 source[16], target[16]; };

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, struct tuple4);
	__type(value, u32);
} flows4 SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, struct tuple6);
	__type(value, u32);
} flows6 SEC(".maps");

static __always_inline void count(enum family family, void *tuple)
{
	u32 one = 1;

	if (family == V4)
		bpf_map_update_elem(&flows4, tuple, &one, BPF_NOEXIST);
	else
		bpf_map_update_elem(&flows6, tuple, &one, BPF_NOEXIST);
}

// The constant beside the tuple says which of the maps is taken.
SEC("kprobe/tcp_sendmsg")
int on_send(void *ctx)
{
	struct tuple4 four = {};
	struct tuple6 six = {};

	count(V4, &four);
	count(V6, &six);
	return 0;
}

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, u64);
} starts SEC(".maps");

// Nothing but 0 is ever in it, and that is 0 in four bytes too.
SEC("kprobe/tcp_recvmsg")
int on_receive(void *ctx)
{
	u64 zero = 0, now = bpf_ktime_get_ns();

	bpf_map_update_elem(&starts, &zero, &now, BPF_ANY);
	return 0;
}
