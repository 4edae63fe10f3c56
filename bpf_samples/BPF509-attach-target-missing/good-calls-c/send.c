#include <bpf/libbpf.h>
#include <unistd.h>
#include "send.skel.h"
#include "trace_helpers.h"

/* Another name is tried, or the kernel is asked; every kernel has the last one. */
int main(void)
{
	struct send_bpf *skel = send_bpf__open_and_load();
	int err = 1;

	if (!skel)
		return 1;
	skel->links.on_send = bpf_program__attach_kprobe(skel->progs.on_send, false, "tcp_sendpage");
	if (!skel->links.on_send)
		skel->links.on_send = bpf_program__attach_kprobe(skel->progs.on_send, false, "tcp_sendmsg");
	if (!skel->links.on_send)
		goto out;
	if (tracepoint_exists("block", "block_io_start")) {
		skel->links.on_raw = bpf_program__attach_raw_tracepoint(skel->progs.on_raw, "block_io_start");
		if (!skel->links.on_raw)
			goto out;
	}
	skel->links.on_page = bpf_program__attach_tracepoint(skel->progs.on_page, "sched", "sched_switch");
	if (!skel->links.on_page)
		goto out;
	pause();
	err = 0;
out:
	send_bpf__destroy(skel);
	return err;
}
