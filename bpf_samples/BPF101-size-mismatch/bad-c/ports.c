// Fills the maps of ports.bpf.c.
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include "ports.skel.h"

static int allow(int fd, const void *peer)
{
	__u8 yes = 1;

	return bpf_map_update_elem(fd, peer, &yes, BPF_ANY);
}

int main(void)
{
	struct ports_bpf *skel = ports_bpf__open_and_load();
	unsigned char mac[6] = { 2, 0, 0, 0, 0, 1 };
	__u16 port = 2;
	__u32 index = 1;
	int err;

	if (!skel)
		return 1;
	err = bpf_map_update_elem(bpf_map__fd(skel->maps.macs), &index, mac, BPF_ANY); // want BPF101 "value of map `macs` has 8 bytes in BPF, 6 on the user side"
	err = err ? err : allow(bpf_map__fd(skel->maps.peers), &port); // want BPF101 "key of map `peers` has 4 bytes in BPF, 2 on the user side"
	ports_bpf__destroy(skel);
	return err;
}
