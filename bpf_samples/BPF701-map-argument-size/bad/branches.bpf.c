// Wrappers that choose the map by a number: what the number is in the end takes the map of the longer key.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct tuple4 { u32 source, target; };
struct tuple6 { u8 source[16], target[16]; };

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, struct tuple6);
	__type(value, u32);
} flows6 SEC(".maps");

static __always_inline void *counted_down(int tries, void *tuple)
{
	while (tries--) {
		if (tries == 2)
			return bpf_map_lookup_elem(&flows6, tuple);
	}
	return NULL;
}

static __always_inline void mapped(int *family)
{
	*family = 10;
}

static __always_inline void *after_address(int family, void *tuple)
{
	mapped(&family);
	if (family == 10)
		return bpf_map_lookup_elem(&flows6, tuple);
	return NULL;
}

static __always_inline void *cut_off(u8 family, void *tuple)
{
	if (family == 0)
		return bpf_map_lookup_elem(&flows6, tuple);
	return NULL;
}

static __always_inline void *unset(int family, void *tuple)
{
	if (family == 0xffffffff)
		return bpf_map_lookup_elem(&flows6, tuple);
	return NULL;
}

static __always_inline void *ranged(int family, void *tuple)
{
	switch (family) {
	case 1 ... 10:
		return bpf_map_lookup_elem(&flows6, tuple);
	}
	return NULL;
}

SEC("kprobe/tcp_sendmsg")
int on_send(void *ctx)
{
	struct tuple4 four = {};
	struct tuple6 six = {};

	bpf_map_delete_elem(&flows6, &six);
	counted_down(4, &four); // want BPF701 "but this points to 8"
	after_address(2, &four); // want BPF701 "but this points to 8"
	cut_off(0x100, &four); // want BPF701 "but this points to 8"
	unset(-1, &four); // want BPF701 "but this points to 8"
	ranged(2, &four); // want BPF701 "but this points to 8"
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
