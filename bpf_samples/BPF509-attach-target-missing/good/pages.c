#include <stdio.h>
#include <unistd.h>
#include <bpf/libbpf.h>
#include "pages.skel.h"

int main(int argc, char **argv)
{
	struct pages_bpf *skel = pages_bpf__open();
	int err;

	if (!skel)
		return 1;
	bpf_program__set_autoload(skel->progs.on_sendpage, argc > 1);
	bpf_program__set_attach_target(skel->progs.on_chosen, 0, argc > 1 ? argv[1] : "vfs_read");
	err = pages_bpf__load(skel) ?: pages_bpf__attach(skel);
	if (!err)
		pause();
	pages_bpf__destroy(skel);
	return err != 0;
}
