/* The map definition of tc's own loader, before libbpf. */
#ifndef BPFLINT_IPROUTE2_BPF_ELF_H
#define BPFLINT_IPROUTE2_BPF_ELF_H
#include <linux/types.h>
#define ELF_MAX_MAPS 64
#define ELF_MAX_LICENSE_LEN 128
#define ELF_SECTION_LICENSE "license"
#define ELF_SECTION_MAPS "maps"
#define ELF_SECTION_PROG "prog"
#define ELF_SECTION_CLASSIFIER "classifier"
#define ELF_SECTION_ACTION "action"
#define PIN_NONE 0
#define PIN_OBJECT_NS 1
#define PIN_GLOBAL_NS 2
struct bpf_elf_map {
	__u32 type, size_key, size_value, max_elem, flags, id, pinning, inner_id, inner_idx;
};
#endif
