/* A guard closes on every path: a smart pointer with a deleter, and an object that runs a lambda at the end. */
#include <memory>
#include <unistd.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

template <class F> struct AtExit {
	F run;
	~AtExit() { run(); }
};
template <class F> AtExit(F) -> AtExit<F>;
template <class F> AtExit<F> at_exit(F run) { return {run}; }

int load(const char *path)
{
	bpf_object *obj = bpf_object__open(path);

	if (!obj)
		return 1;
	std::unique_ptr<bpf_object, decltype(&bpf_object__close)> owner(obj, bpf_object__close);
	return bpf_object__load(owner.get());
}

bool works()
{
	int fd = bpf_map_create(BPF_MAP_TYPE_ARRAY, "probe", 4, 4, 1, nullptr);
	auto closer = at_exit([&] { close(fd); });
	__u32 key = 0, value = 0;

	return bpf_map_lookup_elem(fd, &key, &value) == 0;
}

bool opens(const char *path)
{
	auto obj = bpf_object__open(path);

	if (obj == nullptr)
		return false;
	AtExit closer{[obj] { bpf_object__close(obj); }};
	return bpf_object__load(obj) == 0;
}
