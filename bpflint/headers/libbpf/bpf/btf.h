/* Interface of <bpf/btf.h>: names, numbers and members, generated from the public libbpf interface. */
#ifndef BPFLINT_BPF_BTF_H
#define BPFLINT_BPF_BTF_H
#include <stddef.h>
#include <stdarg.h>
#include <stdbool.h>
#include <linux/btf.h>
#include <linux/types.h>
#include <bpf/libbpf_common.h>
struct btf;
struct btf_ext;
struct btf_type;
struct bpf_object;
enum btf_endianness {
	BTF_LITTLE_ENDIAN = 0,
	BTF_BIG_ENDIAN = 1,
};
void btf__free(struct btf *);
struct btf *btf__new(const void *, __u32);
struct btf *btf__new_split(const void *, __u32, struct btf *);
struct btf *btf__new_empty(void);
struct btf *btf__new_empty_split(struct btf *);
struct btf *btf__parse(const char *, struct btf_ext **);
struct btf *btf__parse_split(const char *, struct btf *);
struct btf *btf__parse_elf(const char *, struct btf_ext **);
struct btf *btf__parse_elf_split(const char *, struct btf *);
struct btf *btf__parse_raw(const char *);
struct btf *btf__parse_raw_split(const char *, struct btf *);
struct btf *btf__load_vmlinux_btf(void);
struct btf *btf__load_module_btf(const char *, struct btf *);
struct btf *btf__load_from_kernel_by_id(__u32);
struct btf *btf__load_from_kernel_by_id_split(__u32, struct btf *);
int btf__load_into_kernel(struct btf *);
__s32 btf__find_by_name(const struct btf *, const char *);
__s32 btf__find_by_name_kind(const struct btf *, const char *, __u32);
__u32 btf__type_cnt(const struct btf *);
const struct btf *btf__base_btf(const struct btf *);
const struct btf_type *btf__type_by_id(const struct btf *, __u32);
size_t btf__pointer_size(const struct btf *);
int btf__set_pointer_size(struct btf *, size_t);
enum btf_endianness btf__endianness(const struct btf *);
int btf__set_endianness(struct btf *, enum btf_endianness);
__s64 btf__resolve_size(const struct btf *, __u32);
int btf__resolve_type(const struct btf *, __u32);
int btf__align_of(const struct btf *, __u32);
int btf__fd(const struct btf *);
void btf__set_fd(struct btf *, int);
const void *btf__raw_data(const struct btf *, __u32 *);
const char *btf__name_by_offset(const struct btf *, __u32);
const char *btf__str_by_offset(const struct btf *, __u32);
struct btf_ext *btf_ext__new(const __u8 *, __u32);
void btf_ext__free(struct btf_ext *);
const void *btf_ext__raw_data(const struct btf_ext *, __u32 *);
int btf__find_str(struct btf *, const char *);
int btf__add_str(struct btf *, const char *);
int btf__add_type(struct btf *, const struct btf *, const struct btf_type *);
int btf__add_btf(struct btf *, const struct btf *);
int btf__add_int(struct btf *, const char *, size_t, int);
int btf__add_float(struct btf *, const char *, size_t);
int btf__add_ptr(struct btf *, int);
int btf__add_array(struct btf *, int, int, __u32);
int btf__add_struct(struct btf *, const char *, __u32);
int btf__add_union(struct btf *, const char *, __u32);
int btf__add_field(struct btf *, const char *, int, __u32, __u32);
int btf__add_enum(struct btf *, const char *, __u32);
int btf__add_enum_value(struct btf *, const char *, __s64);
int btf__add_enum64(struct btf *, const char *, __u32, _Bool);
int btf__add_enum64_value(struct btf *, const char *, __u64);
enum btf_fwd_kind {
	BTF_FWD_STRUCT = 0,
	BTF_FWD_UNION = 1,
	BTF_FWD_ENUM = 2,
};
int btf__add_fwd(struct btf *, const char *, enum btf_fwd_kind);
int btf__add_typedef(struct btf *, const char *, int);
int btf__add_volatile(struct btf *, int);
int btf__add_const(struct btf *, int);
int btf__add_restrict(struct btf *, int);
int btf__add_type_tag(struct btf *, const char *, int);
int btf__add_func(struct btf *, const char *, enum btf_func_linkage, int);
int btf__add_func_proto(struct btf *, int);
int btf__add_func_param(struct btf *, const char *, int);
int btf__add_var(struct btf *, const char *, int, int);
int btf__add_datasec(struct btf *, const char *, __u32);
int btf__add_datasec_var_info(struct btf *, int, __u32, __u32);
int btf__add_decl_tag(struct btf *, const char *, int, int);
struct btf_dedup_opts {
	size_t sz;
	struct btf_ext *btf_ext;
	_Bool force_collisions;
	size_t : 0;
};
int btf__dedup(struct btf *, const struct btf_dedup_opts *);
struct btf_dump;
struct btf_dump_opts {
	size_t sz;
};
typedef void (*btf_dump_printf_fn_t)(void *, const char *, va_list);
struct btf_dump *btf_dump__new(const struct btf *, btf_dump_printf_fn_t, void *, const struct btf_dump_opts *);
void btf_dump__free(struct btf_dump *);
int btf_dump__dump_type(struct btf_dump *, __u32);
struct btf_dump_emit_type_decl_opts {
	size_t sz;
	const char *field_name;
	int indent_level;
	_Bool strip_mods;
	size_t : 0;
};
int btf_dump__emit_type_decl(struct btf_dump *, __u32, const struct btf_dump_emit_type_decl_opts *);
struct btf_dump_type_data_opts {
	size_t sz;
	const char *indent_str;
	int indent_level;
	_Bool compact;
	_Bool skip_names;
	_Bool emit_zeroes;
	size_t : 0;
};
int btf_dump__dump_type_data(struct btf_dump *, __u32, const void *, size_t, const struct btf_dump_type_data_opts *);
struct btf_enum64;
struct btf_decl_tag;
#define BTF_ELF_SEC ".BTF"
#define BTF_EXT_ELF_SEC ".BTF.ext"
#define MAPS_ELF_SEC ".maps"
#define btf_dedup_opts__last_field force_collisions
#define btf_dump_opts__last_field sz
#define btf_dump_emit_type_decl_opts__last_field strip_mods
#define btf_dump_type_data_opts__last_field emit_zeroes
#define BTF_KIND_FUNC 12
#define BTF_KIND_FUNC_PROTO 13
#define BTF_KIND_VAR 14
#define BTF_KIND_DATASEC 15
#define BTF_KIND_FLOAT 16
#define BTF_KIND_DECL_TAG 17
#define BTF_KIND_TYPE_TAG 18
#define BTF_KIND_ENUM64 19
#endif
