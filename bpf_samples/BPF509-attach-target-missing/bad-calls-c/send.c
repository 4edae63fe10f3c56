#include <bpf/libbpf.h>
#include <unistd.h>
#include "send.skel.h"

int main(void)
{
	struct send_bpf *skel = send_bpf__open_and_load();
	int err = 1;

	if (!skel)
		return 1;
	skel->links.on_send = bpf_program__attach_kprobe(skel->progs.on_send, false, "tcp_sendpage"); // want BPF509 "`tcp_sendpage` is not in the BTF of Linux 7.3"
	if (!skel->links.on_send)
		goto out;
	skel->links.on_page = bpf_program__attach_tracepoint(skel->progs.on_page, "writeback", "writeback_dirty_page"); // want BPF509 "tracepoint `writeback/writeback_dirty_page` does not exist"
	if (!skel->links.on_page)
		goto out;
	skel->links.on_raw = bpf_program__attach_raw_tracepoint(skel->progs.on_raw, "block_io_start"); // want BPF509 "tracepoint `block_io_start` does not exist in Linux 5.10"
	if (!skel->links.on_raw)
		goto out;
	pause();
	err = 0;
out:
	send_bpf__destroy(skel);
	return err;
}
