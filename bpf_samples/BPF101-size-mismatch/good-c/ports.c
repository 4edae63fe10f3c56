// Fills the maps of ports.bpf.c with an object that has room for both kinds of address.
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include "address.h"
#include "ports.skel.h"

int main(int argc, char **argv)
{
	struct ports_bpf *skel = ports_bpf__open_and_load();
	union address peer = { .v4 = { 1 } };
	char text[128] = "eth0";
	__u8 flags[4] = { 1 };
	__u32 index = 1;
	int err;

	if (!skel)
		return 1;
	err = bpf_map_update_elem(bpf_map__fd(skel->maps.four), &peer, flags, BPF_ANY);
	err = err ? err : bpf_map_update_elem(bpf_map__fd(skel->maps.names), &index, text, BPF_ANY);
	ports_bpf__destroy(skel);
	return err;
}
