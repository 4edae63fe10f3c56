/* Interface of <bpf/libbpf_legacy.h>: names that programs older than libbpf 1.0 still write. */
#ifndef BPFLINT_BPF_LIBBPF_LEGACY_H
#define BPFLINT_BPF_LIBBPF_LEGACY_H
#include <stdbool.h>
#include <linux/bpf.h>
enum libbpf_strict_mode {
	LIBBPF_STRICT_NONE = 0,
	LIBBPF_STRICT_CLEAN_PTRS = 1,
	LIBBPF_STRICT_DIRECT_ERRS = 2,
	LIBBPF_STRICT_SEC_NAME = 4,
	LIBBPF_STRICT_NO_OBJECT_LIST = 8,
	LIBBPF_STRICT_AUTO_RLIMIT_MEMLOCK = 16,
	LIBBPF_STRICT_MAP_DEFINITIONS = 32,
	LIBBPF_STRICT_ALL = 0xffffffff,
};
int libbpf_set_strict_mode(enum libbpf_strict_mode);
long libbpf_get_error(const void *);
#endif
