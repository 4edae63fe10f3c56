/* CO-RE: relocatable questions about a kernel's types, and reads that follow pointers. */
#ifndef BPFLINT_BPF_CORE_READ_H
#define BPFLINT_BPF_CORE_READ_H
#include <bpf/bpf_helpers.h>

/* The numbers of the relocation kinds, as clang and the loader agree on them. */
enum bpf_field_info_kind {
	BPF_FIELD_BYTE_OFFSET = 0, BPF_FIELD_BYTE_SIZE = 1, BPF_FIELD_EXISTS = 2,
	BPF_FIELD_SIGNED = 3, BPF_FIELD_LSHIFT_U64 = 4, BPF_FIELD_RSHIFT_U64 = 5,
};
enum bpf_type_id_kind { BPF_TYPE_ID_LOCAL = 0, BPF_TYPE_ID_TARGET = 1 };
enum bpf_type_info_kind { BPF_TYPE_EXISTS = 0, BPF_TYPE_SIZE = 1, BPF_TYPE_MATCHES = 2 };
enum bpf_enum_value_kind { BPF_ENUMVAL_EXISTS = 0, BPF_ENUMVAL_VALUE = 1 };

#define __CORE_RELO(src, field, info) __builtin_preserve_field_info((src)->field, BPF_FIELD_##info)
#define BPFLINT_FIELD_1(field) (field)
#define BPFLINT_FIELD_2(type, field) (((__typeof__(type) *)0)->field)
#define ___bpf_field_ref(field...) BPFLINT_CAT(BPFLINT_FIELD_, ___bpf_narg(field))(field)
#define bpf_core_field_exists(field...) __builtin_preserve_field_info(___bpf_field_ref(field), BPF_FIELD_EXISTS)
#define bpf_core_field_size(field...) __builtin_preserve_field_info(___bpf_field_ref(field), BPF_FIELD_BYTE_SIZE)
#define bpf_core_field_offset(field...) __builtin_preserve_field_info(___bpf_field_ref(field), BPF_FIELD_BYTE_OFFSET)
#define bpf_core_type_id_local(type) __builtin_btf_type_id(*(__typeof__(type) *)0, BPF_TYPE_ID_LOCAL)
#define bpf_core_type_id_kernel(type) __builtin_btf_type_id(*(__typeof__(type) *)0, BPF_TYPE_ID_TARGET)
#define bpf_core_type_exists(type) __builtin_preserve_type_info(*(__typeof__(type) *)0, BPF_TYPE_EXISTS)
#define bpf_core_type_matches(type) __builtin_preserve_type_info(*(__typeof__(type) *)0, BPF_TYPE_MATCHES)
#define bpf_core_type_size(type) __builtin_preserve_type_info(*(__typeof__(type) *)0, BPF_TYPE_SIZE)
#define bpf_core_enum_value_exists(type, value) __builtin_preserve_enum_value(*(__typeof__(type) *)value, BPF_ENUMVAL_EXISTS)
#define bpf_core_enum_value(type, value) __builtin_preserve_enum_value(*(__typeof__(type) *)value, BPF_ENUMVAL_VALUE)
extern void *bpf_rdonly_cast(const void *obj__ign, __u32 btf_id__k) __ksym __weak;
#define bpf_core_cast(ptr, type) ((__typeof__(type) *)bpf_rdonly_cast((ptr), bpf_core_type_id_kernel(type)))

#define bpf_core_read(dst, size, src) bpf_probe_read_kernel(dst, size, (const void *)__builtin_preserve_access_index(src))
#define bpf_core_read_user(dst, size, src) bpf_probe_read_user(dst, size, (const void *)__builtin_preserve_access_index(src))
#define bpf_core_read_str(dst, size, src) bpf_probe_read_kernel_str(dst, size, (const void *)__builtin_preserve_access_index(src))
#define bpf_core_read_user_str(dst, size, src) bpf_probe_read_user_str(dst, size, (const void *)__builtin_preserve_access_index(src))

#define BPF_CORE_READ_BITFIELD(s, field) ({ \
	const void *p = (const void *)s + __CORE_RELO(s, field, BYTE_OFFSET); \
	unsigned long long val = 0; \
	switch (__CORE_RELO(s, field, BYTE_SIZE)) { \
	case 1: val = *(const unsigned char *)p; break; \
	case 2: val = *(const unsigned short *)p; break; \
	case 4: val = *(const unsigned int *)p; break; \
	case 8: val = *(const unsigned long long *)p; break; \
	} \
	val <<= __CORE_RELO(s, field, LSHIFT_U64); \
	__CORE_RELO(s, field, SIGNED) ? ((long long)val) >> __CORE_RELO(s, field, RSHIFT_U64) \
				      : val >> __CORE_RELO(s, field, RSHIFT_U64); })
#define BPF_CORE_READ_BITFIELD_PROBED(s, field) ({ \
	unsigned long long val = 0; \
	bpf_probe_read_kernel(&val, __CORE_RELO(s, field, BYTE_SIZE), (const void *)s + __CORE_RELO(s, field, BYTE_OFFSET)); \
	val <<= __CORE_RELO(s, field, LSHIFT_U64); \
	__CORE_RELO(s, field, SIGNED) ? ((long long)val) >> __CORE_RELO(s, field, RSHIFT_U64) \
				      : val >> __CORE_RELO(s, field, RSHIFT_U64); })
#define BPF_CORE_WRITE_BITFIELD(s, field, new_val) ({ \
	void *p = (void *)s + __CORE_RELO(s, field, BYTE_OFFSET); \
	unsigned int size = __CORE_RELO(s, field, BYTE_SIZE); \
	unsigned int left = __CORE_RELO(s, field, LSHIFT_U64), right = __CORE_RELO(s, field, RSHIFT_U64); \
	unsigned long long mask = (~0ULL << right) >> left, nval = new_val, val = 0; \
	nval = (nval << right) >> left; \
	switch (size) { \
	case 1: val = *(unsigned char *)p; *(unsigned char *)p = (val & ~mask) | nval; break; \
	case 2: val = *(unsigned short *)p; *(unsigned short *)p = (val & ~mask) | nval; break; \
	case 4: val = *(unsigned int *)p; *(unsigned int *)p = (val & ~mask) | nval; break; \
	case 8: val = *(unsigned long long *)p; *(unsigned long long *)p = (val & ~mask) | nval; break; \
	} })

/* a -> b -> c, and the chain of reads that follows it: every pointer but the last member is read into ___t. */
#define BPFLINT_ARROW_1(s, a) (s)->a
#define BPFLINT_ARROW_2(s, a, b) (s)->a->b
#define BPFLINT_ARROW_3(s, a, b, c) (s)->a->b->c
#define BPFLINT_ARROW_4(s, a, b, c, d) (s)->a->b->c->d
#define BPFLINT_ARROW_5(s, a, b, c, d, e) (s)->a->b->c->d->e
#define BPFLINT_ARROW_6(s, a, b, c, d, e, f) (s)->a->b->c->d->e->f
#define BPFLINT_ARROW_7(s, a, b, c, d, e, f, g) (s)->a->b->c->d->e->f->g
#define BPFLINT_ARROW_8(s, a, b, c, d, e, f, g, h) (s)->a->b->c->d->e->f->g->h
#define BPFLINT_ARROW_9(s, a, b, c, d, e, f, g, h, i) (s)->a->b->c->d->e->f->g->h->i
#define BPFLINT_ARROW_10(s, a, b, c, d, e, f, g, h, i, j) (s)->a->b->c->d->e->f->g->h->i->j
#define BPFLINT_ARROW_0(s) s
#define ___arrow(s, path...) BPFLINT_CAT(BPFLINT_ARROW_, ___bpf_narg(path))(s, ##path)
/* Names that projects borrow from libbpf's own workings. */
#define ___type(path...) __typeof__(___arrow(path))
#define ___concat(a, b) BPFLINT_CAT(a, b)
#define ___apply(fn, n) BPFLINT_CAT(fn, n)
#define BPFLINT_CHAIN_1(hop, last, dst, size, s, a) last(dst, size, &(s)->a);
#define BPFLINT_CHAIN_2(hop, last, dst, size, s, a, b) const void *___t; \
	hop(&___t, sizeof(___t), &(s)->a); \
	last(dst, size, &((__typeof__(BPFLINT_ARROW_1(s, a)))___t)->b);
#define BPFLINT_CHAIN_3(hop, last, dst, size, s, a, b, c) const void *___t; \
	hop(&___t, sizeof(___t), &(s)->a); \
	hop(&___t, sizeof(___t), &((__typeof__(BPFLINT_ARROW_1(s, a)))___t)->b); \
	last(dst, size, &((__typeof__(BPFLINT_ARROW_2(s, a, b)))___t)->c);
#define BPFLINT_CHAIN_4(hop, last, dst, size, s, a, b, c, d) const void *___t; \
	hop(&___t, sizeof(___t), &(s)->a); \
	hop(&___t, sizeof(___t), &((__typeof__(BPFLINT_ARROW_1(s, a)))___t)->b); \
	hop(&___t, sizeof(___t), &((__typeof__(BPFLINT_ARROW_2(s, a, b)))___t)->c); \
	last(dst, size, &((__typeof__(BPFLINT_ARROW_3(s, a, b, c)))___t)->d);
#define BPFLINT_CHAIN_5(hop, last, dst, size, s, a, b, c, d, e) const void *___t; \
	hop(&___t, sizeof(___t), &(s)->a); \
	hop(&___t, sizeof(___t), &((__typeof__(BPFLINT_ARROW_1(s, a)))___t)->b); \
	hop(&___t, sizeof(___t), &((__typeof__(BPFLINT_ARROW_2(s, a, b)))___t)->c); \
	hop(&___t, sizeof(___t), &((__typeof__(BPFLINT_ARROW_3(s, a, b, c)))___t)->d); \
	last(dst, size, &((__typeof__(BPFLINT_ARROW_4(s, a, b, c, d)))___t)->e);
#define BPFLINT_CHAIN_6(hop, last, dst, size, s, a, b, c, d, e, f) const void *___t; \
	hop(&___t, sizeof(___t), &(s)->a); \
	hop(&___t, sizeof(___t), &((__typeof__(BPFLINT_ARROW_1(s, a)))___t)->b); \
	hop(&___t, sizeof(___t), &((__typeof__(BPFLINT_ARROW_2(s, a, b)))___t)->c); \
	hop(&___t, sizeof(___t), &((__typeof__(BPFLINT_ARROW_3(s, a, b, c)))___t)->d); \
	hop(&___t, sizeof(___t), &((__typeof__(BPFLINT_ARROW_4(s, a, b, c, d)))___t)->e); \
	last(dst, size, &((__typeof__(BPFLINT_ARROW_5(s, a, b, c, d, e)))___t)->f);
#define BPFLINT_CHAIN_7(hop, last, dst, size, s, a, b, c, d, e, f, g) const void *___t; \
	hop(&___t, sizeof(___t), &(s)->a); \
	hop(&___t, sizeof(___t), &((__typeof__(BPFLINT_ARROW_1(s, a)))___t)->b); \
	hop(&___t, sizeof(___t), &((__typeof__(BPFLINT_ARROW_2(s, a, b)))___t)->c); \
	hop(&___t, sizeof(___t), &((__typeof__(BPFLINT_ARROW_3(s, a, b, c)))___t)->d); \
	hop(&___t, sizeof(___t), &((__typeof__(BPFLINT_ARROW_4(s, a, b, c, d)))___t)->e); \
	hop(&___t, sizeof(___t), &((__typeof__(BPFLINT_ARROW_5(s, a, b, c, d, e)))___t)->f); \
	last(dst, size, &((__typeof__(BPFLINT_ARROW_6(s, a, b, c, d, e, f)))___t)->g);
#define BPFLINT_CHAIN_8(hop, last, dst, size, s, a, b, c, d, e, f, g, h) const void *___t; \
	hop(&___t, sizeof(___t), &(s)->a); \
	hop(&___t, sizeof(___t), &((__typeof__(BPFLINT_ARROW_1(s, a)))___t)->b); \
	hop(&___t, sizeof(___t), &((__typeof__(BPFLINT_ARROW_2(s, a, b)))___t)->c); \
	hop(&___t, sizeof(___t), &((__typeof__(BPFLINT_ARROW_3(s, a, b, c)))___t)->d); \
	hop(&___t, sizeof(___t), &((__typeof__(BPFLINT_ARROW_4(s, a, b, c, d)))___t)->e); \
	hop(&___t, sizeof(___t), &((__typeof__(BPFLINT_ARROW_5(s, a, b, c, d, e)))___t)->f); \
	hop(&___t, sizeof(___t), &((__typeof__(BPFLINT_ARROW_6(s, a, b, c, d, e, f)))___t)->g); \
	last(dst, size, &((__typeof__(BPFLINT_ARROW_7(s, a, b, c, d, e, f, g)))___t)->h);
#define BPFLINT_CHAIN_9(hop, last, dst, size, s, a, b, c, d, e, f, g, h, i) const void *___t; \
	hop(&___t, sizeof(___t), &(s)->a); \
	hop(&___t, sizeof(___t), &((__typeof__(BPFLINT_ARROW_1(s, a)))___t)->b); \
	hop(&___t, sizeof(___t), &((__typeof__(BPFLINT_ARROW_2(s, a, b)))___t)->c); \
	hop(&___t, sizeof(___t), &((__typeof__(BPFLINT_ARROW_3(s, a, b, c)))___t)->d); \
	hop(&___t, sizeof(___t), &((__typeof__(BPFLINT_ARROW_4(s, a, b, c, d)))___t)->e); \
	hop(&___t, sizeof(___t), &((__typeof__(BPFLINT_ARROW_5(s, a, b, c, d, e)))___t)->f); \
	hop(&___t, sizeof(___t), &((__typeof__(BPFLINT_ARROW_6(s, a, b, c, d, e, f)))___t)->g); \
	hop(&___t, sizeof(___t), &((__typeof__(BPFLINT_ARROW_7(s, a, b, c, d, e, f, g)))___t)->h); \
	last(dst, size, &((__typeof__(BPFLINT_ARROW_8(s, a, b, c, d, e, f, g, h)))___t)->i);
#define BPFLINT_CHAIN_10(hop, last, dst, size, s, a, b, c, d, e, f, g, h, i, j) const void *___t; \
	hop(&___t, sizeof(___t), &(s)->a); \
	hop(&___t, sizeof(___t), &((__typeof__(BPFLINT_ARROW_1(s, a)))___t)->b); \
	hop(&___t, sizeof(___t), &((__typeof__(BPFLINT_ARROW_2(s, a, b)))___t)->c); \
	hop(&___t, sizeof(___t), &((__typeof__(BPFLINT_ARROW_3(s, a, b, c)))___t)->d); \
	hop(&___t, sizeof(___t), &((__typeof__(BPFLINT_ARROW_4(s, a, b, c, d)))___t)->e); \
	hop(&___t, sizeof(___t), &((__typeof__(BPFLINT_ARROW_5(s, a, b, c, d, e)))___t)->f); \
	hop(&___t, sizeof(___t), &((__typeof__(BPFLINT_ARROW_6(s, a, b, c, d, e, f)))___t)->g); \
	hop(&___t, sizeof(___t), &((__typeof__(BPFLINT_ARROW_7(s, a, b, c, d, e, f, g)))___t)->h); \
	hop(&___t, sizeof(___t), &((__typeof__(BPFLINT_ARROW_8(s, a, b, c, d, e, f, g, h)))___t)->i); \
	last(dst, size, &((__typeof__(BPFLINT_ARROW_9(s, a, b, c, d, e, f, g, h, i)))___t)->j);
#define BPFLINT_CHAIN(hop, last, dst, size, s, path...) ({ BPFLINT_CAT(BPFLINT_CHAIN_, ___bpf_narg(path))(hop, last, dst, size, s, path) })
#define BPF_CORE_READ_INTO(dst, src, path...) BPFLINT_CHAIN(bpf_core_read, bpf_core_read, dst, sizeof(*(dst)), (src), path)
#define BPF_CORE_READ_STR_INTO(dst, src, path...) BPFLINT_CHAIN(bpf_core_read, bpf_core_read_str, dst, sizeof(*(dst)), (src), path)
#define BPF_CORE_READ(src, path...) ({ __typeof__(___arrow((src), path)) __r; BPF_CORE_READ_INTO(&__r, (src), path); __r; })
#define BPF_CORE_READ_USER_INTO(dst, src, path...) BPFLINT_CHAIN(bpf_core_read_user, bpf_core_read_user, dst, sizeof(*(dst)), (src), path)
#define BPF_CORE_READ_USER_STR_INTO(dst, src, path...) BPFLINT_CHAIN(bpf_core_read_user, bpf_core_read_user_str, dst, sizeof(*(dst)), (src), path)
#define BPF_CORE_READ_USER(src, path...) ({ __typeof__(___arrow((src), path)) __r; BPF_CORE_READ_USER_INTO(&__r, (src), path); __r; })
#define BPF_PROBE_READ_INTO(dst, src, path...) BPFLINT_CHAIN(bpf_probe_read_kernel, bpf_probe_read_kernel, dst, sizeof(*(dst)), (src), path)
#define BPF_PROBE_READ_STR_INTO(dst, src, path...) BPFLINT_CHAIN(bpf_probe_read_kernel, bpf_probe_read_kernel_str, dst, sizeof(*(dst)), (src), path)
#define BPF_PROBE_READ(src, path...) ({ __typeof__(___arrow((src), path)) __r; BPF_PROBE_READ_INTO(&__r, (src), path); __r; })
#define BPF_PROBE_READ_USER_INTO(dst, src, path...) BPFLINT_CHAIN(bpf_probe_read_user, bpf_probe_read_user, dst, sizeof(*(dst)), (src), path)
#define BPF_PROBE_READ_USER_STR_INTO(dst, src, path...) BPFLINT_CHAIN(bpf_probe_read_user, bpf_probe_read_user_str, dst, sizeof(*(dst)), (src), path)
#define BPF_PROBE_READ_USER(src, path...) ({ __typeof__(___arrow((src), path)) __r; BPF_PROBE_READ_USER_INTO(&__r, (src), path); __r; })
#endif
