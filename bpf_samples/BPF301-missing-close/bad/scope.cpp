/* The lambda prints, and nothing closes. */
#include <cstdio>
#include <bpf/libbpf.h>

template <class F> struct AtExit {
	F run;
	~AtExit() { run(); }
};
template <class F> AtExit<F> at_exit(F run) { return {run}; }

bool opens(const char *path)
{
	auto obj = bpf_object__open(path); /* want BPF301 "`obj` from bpf_object__open() is never closed" */

	if (obj == nullptr)
		return false;
	auto teller = at_exit([] { printf("done\n"); });
	return bpf_object__load(obj) == 0;
}
