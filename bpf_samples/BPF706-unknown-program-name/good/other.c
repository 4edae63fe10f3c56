// The object is chosen when the tool runs: its programs are not known here.
#include <bpf/libbpf.h>

int main(int argc, char **argv)
{
	struct bpf_object *object = argc > 1 ? bpf_object__open_file(argv[1], NULL) : NULL;
	struct bpf_program *program;

	if (!object)
		return 1;
	program = bpf_object__find_program_by_name(object, "on_anything");
	bpf_object__close(object);
	return program == NULL;
}
