#include <bpf/libbpf.h>

struct probe_bpf;
struct probe_bpf *probe_bpf__open(void);
int probe_bpf__load(struct probe_bpf *skel);
int probe_bpf__attach(struct probe_bpf *skel);
void probe_bpf__destroy(struct probe_bpf *skel);

int run(int seconds)
{
	struct probe_bpf *skel;
	int err;

	skel = probe_bpf__open(); /* want BPF302 "`skel` from probe_bpf__open() stays open on the path that leaves at line 18; other paths call probe_bpf__destroy" */
	if (!skel)
		return 1;
	if (seconds < 0)
		return 1;
	err = probe_bpf__load(skel);
	if (err)
		goto cleanup;
	err = probe_bpf__attach(skel);
cleanup:
	probe_bpf__destroy(skel);
	return err;
}
