#include <bpf/libbpf.h>

int load(void)
{
	struct bpf_object *obj = bpf_object__open("probe.bpf.o");
	int err;

	if (!obj)
		return -1;
	err = bpf_object__load(obj);
	if (err)
		bpf_object__close(obj);
	err = bpf_object__pin_maps(obj, "/sys/fs/bpf"); /* want BPF304 "`obj` from bpf_object__open() is used here, but line 12 closed it" */
	bpf_object__close(obj); /* want BPF308 "`obj` from bpf_object__open() was closed at line 12 already" */
	return err;
}
