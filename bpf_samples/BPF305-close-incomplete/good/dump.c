/* A record on the stack is lent what its caller opened, and closes again. */
#include <stdlib.h>
#include <bpf/bpf.h>
#include <bpf/btf.h>

struct dump {
	void *symbols;
	struct btf *types;
};

static void dump_load(struct dump *dump)
{
	dump->symbols = calloc(16, 64);
}

static void dump_destroy(struct dump *dump)
{
	free(dump->symbols);
}

int print_program(__u32 id)
{
	struct btf *types = btf__load_from_kernel_by_id(id);
	struct dump dump = {};

	if (types)
		dump.types = types;
	dump_load(&dump);
	dump_destroy(&dump);
	btf__free(types);
	return 0;
}
