#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

/* Since 5.2, for programs of sysctl; for all others since 5.17. */
SEC("lsm/file_open")
int BPF_PROG(on_open, struct file *file)
{
	char text[] = "42";
	long number = 0;

	bpf_strtol(text, sizeof(text) - 1, 10, &number); // want BPF501 "`bpf_strtol()` is not available to `on_open` in Linux 5.10"
	return number == 42 ? 0 : -1;
}

/* Nobody says that kernels older than the helper are meant. */
SEC("fentry/security_file_open")
int BPF_PROG(on_call)
{
	return bpf_get_attach_cookie(ctx) == 7;
}
