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

static __always_inline int is_slash(const char *text)
{
	return text[0] == '/';
}

/* Whatever the function answers, and even where the compiler knows: both ways lead to the call. */
SEC("lsm/file_permission")
int BPF_PROG(on_permission, struct file *file, int mask)
{
	char text[8] = "/42";
	long number = 0;

	if (!is_slash(text)) {
		__u64 id = bpf_get_current_pid_tgid();

		if (!id)
			return 0;
		text[0] = '/';
	}
	bpf_strtol(text + 1, 2, 10, &number); // want BPF501 "`bpf_strtol()` is not available to `on_permission` in Linux 5.10"
	return number == 42 ? 0 : -1;
}

/* Nobody says that kernels older than the helper are meant. */
SEC("fentry/security_file_open")
int BPF_PROG(on_call)
{
	return bpf_get_attach_cookie(ctx) == 7;
}
