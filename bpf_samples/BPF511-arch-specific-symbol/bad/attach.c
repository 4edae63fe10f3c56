/* The loader names it so. */
#include <bpf/libbpf.h>
#include <unistd.h>

int main(void)
{
	struct bpf_object *object = bpf_object__open_file("dup.bpf.o", NULL);
	struct bpf_program *program;
	struct bpf_link *link;

	if (!object)
		return 1;
	if (bpf_object__load(object))
		goto out;
	program = bpf_object__find_program_by_name(object, "on_dup");
	link = bpf_program__attach_kprobe(program, false, "__x64_sys_dup"); /* want BPF511 "attach_ksyscall() finds it" */
	if (!link)
		goto out;
	pause();
	bpf_link__destroy(link);
out:
	bpf_object__close(object);
	return 0;
}
