// Loads exec.bpf.o and attaches its two programs by name.
#include <stdio.h>
#include <bpf/libbpf.h>

static struct bpf_link *attach(struct bpf_object *object, const char *name)
{
	struct bpf_program *program = bpf_object__find_program_by_name(object, name);

	return program ? bpf_program__attach(program) : NULL;
}

int main(void)
{
	struct bpf_object *object = bpf_object__open_file("exec.bpf.o", NULL);
	struct bpf_link *first, *second;

	if (!object)
		return 1;
	if (bpf_object__load(object)) {
		bpf_object__close(object);
		return 1;
	}
	first = attach(object, "on_execv"); // want BPF706 "`exec.bpf.c` defines no program `on_execv`; did you mean `on_execve`?"
	second = attach(object, "sys_exit_execve"); // want BPF706 "defines no program `sys_exit_execve`; it has `on_execve`, `on_return`"
	getchar();
	bpf_link__destroy(first);
	bpf_link__destroy(second);
	bpf_object__close(object);
	return 0;
}
