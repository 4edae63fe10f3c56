/* The program-side interface of libbpf: sections, map definitions, helpers and small conveniences. */
#ifndef BPFLINT_BPF_HELPERS_H
#define BPFLINT_BPF_HELPERS_H
#include <linux/types.h>
#include <bpf/bpf_helper_defs.h>

/* Map definitions: a number is kept as an array length, a type as a pointer, nested values as a flexible array. */
#define __uint(name, number) int (*name)[number]
#define __type(name, what) __typeof__(what) *name
#define __array(name, what) __typeof__(what) *name[]
#define BPFLINT_CAT_(a, b) a##b
#define BPFLINT_CAT(a, b) BPFLINT_CAT_(a, b)
#define __ulong(name, number) enum { BPFLINT_CAT(__unique_value, __COUNTER__) = number } name

#define SEC(name) __attribute__((section(name), used))
#define __kconfig __attribute__((section(".kconfig")))
#define __ksym __attribute__((section(".ksyms")))

#undef __always_inline
#define __always_inline inline __attribute__((always_inline))
#ifndef __noinline
#define __noinline __attribute__((noinline))
#endif
#ifndef __weak
#define __weak __attribute__((weak))
#endif
#ifndef __hidden
#define __hidden __attribute__((visibility("hidden")))
#endif
#define __kptr_untrusted __attribute__((btf_type_tag("kptr_untrusted")))
#define __kptr __attribute__((btf_type_tag("kptr")))
#ifndef __kptr_ref
#define __kptr_ref __kptr
#endif
#define __percpu_kptr __attribute__((btf_type_tag("percpu_kptr")))
#define __uptr __attribute__((btf_type_tag("uptr")))
#define __arg_ctx __attribute__((btf_decl_tag("arg:ctx")))
#define __arg_nonnull __attribute__((btf_decl_tag("arg:nonnull")))
#define __arg_nullable __attribute__((btf_decl_tag("arg:nullable")))
#define __arg_trusted __attribute__((btf_decl_tag("arg:trusted")))
#define __arg_untrusted __attribute__((btf_decl_tag("arg:untrusted")))
#define __arg_arena __attribute__((btf_decl_tag("arg:arena")))

#ifndef NULL
#define NULL ((void *)0)
#endif
#ifndef KERNEL_VERSION
#define KERNEL_VERSION(a, b, c) (((a) << 16) + ((b) << 8) + ((c) > 255 ? 255 : (c)))
#endif
#ifndef offsetof
#define offsetof(type, member) __builtin_offsetof(type, member)
#endif
#ifndef container_of
#define container_of(ptr, type, member) ((type *)((void *)(ptr) - offsetof(type, member)))
#endif
#ifndef barrier
#define barrier() __asm__ volatile("" ::: "memory")
#endif
#ifndef barrier_var
#define barrier_var(var) __asm__ volatile("" : "+r"(var))
#endif
#define __bpf_unreachable() __builtin_trap()

enum libbpf_pin_type { LIBBPF_PIN_NONE, LIBBPF_PIN_BY_NAME };
enum libbpf_tristate { TRI_NO = 0, TRI_YES = 1, TRI_MODULE = 2 };

#ifdef BPFLINT_LEGACY_LIBBPF
/* The map definition of libbpf before 1.0; left out otherwise because programs of that age declare it themselves. */
struct bpf_map_def {
	unsigned int type;
	unsigned int key_size;
	unsigned int value_size;
	unsigned int max_entries;
	unsigned int map_flags;
};
#endif

#define bpf_ksym_exists(sym) (!!(sym))

static __always_inline void bpf_tail_call_static(void *ctx, const void *map, const __u32 slot)
{
	bpf_tail_call(ctx, (void *)map, slot);
}

/* Counting and choosing by the number of arguments, 0 to 12. */
#define BPFLINT_13TH(_0, _1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11, _12, n, ...) n
#define ___bpf_narg(...) BPFLINT_13TH(_, ##__VA_ARGS__, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)
#define ___bpf_concat(a, b) BPFLINT_CAT(a, b)
#define ___bpf_apply(fn, n) BPFLINT_CAT(fn, n)
#define ___bpf_nth(_, _1, _2, _3, _4, _5, _6, _7, _8, _9, _a, _b, _c, N, ...) N

#define BPFLINT_FILL_0(to, ...)
#define BPFLINT_FILL_1(to, a) to[0] = (unsigned long long)(a);
#define BPFLINT_FILL_2(to, a, b) BPFLINT_FILL_1(to, a) to[1] = (unsigned long long)(b);
#define BPFLINT_FILL_3(to, a, b, c) BPFLINT_FILL_2(to, a, b) to[2] = (unsigned long long)(c);
#define BPFLINT_FILL_4(to, a, b, c, d) BPFLINT_FILL_3(to, a, b, c) to[3] = (unsigned long long)(d);
#define BPFLINT_FILL_5(to, a, b, c, d, e) BPFLINT_FILL_4(to, a, b, c, d) to[4] = (unsigned long long)(e);
#define BPFLINT_FILL_6(to, a, b, c, d, e, f) BPFLINT_FILL_5(to, a, b, c, d, e) to[5] = (unsigned long long)(f);
#define BPFLINT_FILL_7(to, a, b, c, d, e, f, g) BPFLINT_FILL_6(to, a, b, c, d, e, f) to[6] = (unsigned long long)(g);
#define BPFLINT_FILL_8(to, a, b, c, d, e, f, g, h) BPFLINT_FILL_7(to, a, b, c, d, e, f, g) to[7] = (unsigned long long)(h);
#define BPFLINT_FILL_9(to, a, b, c, d, e, f, g, h, i) BPFLINT_FILL_8(to, a, b, c, d, e, f, g, h) to[8] = (unsigned long long)(i);
#define BPFLINT_FILL_10(to, a, b, c, d, e, f, g, h, i, j) BPFLINT_FILL_9(to, a, b, c, d, e, f, g, h, i) to[9] = (unsigned long long)(j);
#define BPFLINT_FILL_11(to, a, b, c, d, e, f, g, h, i, j, k) BPFLINT_FILL_10(to, a, b, c, d, e, f, g, h, i, j) to[10] = (unsigned long long)(k);
#define BPFLINT_FILL_12(to, a, b, c, d, e, f, g, h, i, j, k, l) BPFLINT_FILL_11(to, a, b, c, d, e, f, g, h, i, j, k) to[11] = (unsigned long long)(l);
#define BPFLINT_SOME(n) ((n) ? (n) : 1)
#define ___bpf_fill(to, args...) BPFLINT_CAT(BPFLINT_FILL_, ___bpf_narg(args))(to, ##args)

#define BPF_SEQ_PRINTF(seq, fmt, args...) ({ \
	static const char ___fmt[] = fmt; \
	unsigned long long ___param[BPFLINT_SOME(___bpf_narg(args))]; \
	_Pragma("GCC diagnostic push") _Pragma("GCC diagnostic ignored \"-Wint-conversion\"") \
	___bpf_fill(___param, ##args) \
	_Pragma("GCC diagnostic pop") \
	bpf_seq_printf(seq, ___fmt, sizeof(___fmt), ___param, ___bpf_narg(args) * 8); })
#define BPF_SNPRINTF(out, out_size, fmt, args...) ({ \
	static const char ___fmt[] = fmt; \
	unsigned long long ___param[BPFLINT_SOME(___bpf_narg(args))]; \
	_Pragma("GCC diagnostic push") _Pragma("GCC diagnostic ignored \"-Wint-conversion\"") \
	___bpf_fill(___param, ##args) \
	_Pragma("GCC diagnostic pop") \
	bpf_snprintf(out, out_size, ___fmt, ___param, ___bpf_narg(args) * 8); })

#ifdef BPF_NO_GLOBAL_DATA
#define BPF_PRINTK_FMT_MOD
#else
#define BPF_PRINTK_FMT_MOD static const
#endif
#define __bpf_printk(fmt, args...) ({ \
	BPF_PRINTK_FMT_MOD char ____fmt[] = fmt; \
	bpf_trace_printk(____fmt, sizeof(____fmt), ##args); })
#define __bpf_vprintk(fmt, args...) ({ \
	static const char ___fmt[] = fmt; \
	unsigned long long ___param[BPFLINT_SOME(___bpf_narg(args))]; \
	_Pragma("GCC diagnostic push") _Pragma("GCC diagnostic ignored \"-Wint-conversion\"") \
	___bpf_fill(___param, ##args) \
	_Pragma("GCC diagnostic pop") \
	bpf_trace_vprintk(___fmt, sizeof(___fmt), ___param, ___bpf_narg(args) * 8); })
#define ___bpf_pick_printk(...) ___bpf_nth(_, ##__VA_ARGS__, __bpf_vprintk, __bpf_vprintk, __bpf_vprintk, __bpf_vprintk, \
	__bpf_vprintk, __bpf_vprintk, __bpf_vprintk, __bpf_vprintk, __bpf_vprintk, __bpf_printk, __bpf_printk, __bpf_printk, __bpf_printk)
#define bpf_printk(fmt, args...) ___bpf_pick_printk(args)(fmt, ##args)
extern int bpf_stream_vprintk(int stream_id, const char *fmt__str, const void *args, __u32 len__sz) __weak __ksym;
#define bpf_stream_printk(stream_id, fmt, args...) ({ \
	static const char ___fmt[] = fmt; \
	unsigned long long ___param[BPFLINT_SOME(___bpf_narg(args))]; \
	_Pragma("GCC diagnostic push") _Pragma("GCC diagnostic ignored \"-Wint-conversion\"") \
	___bpf_fill(___param, ##args) \
	_Pragma("GCC diagnostic pop") \
	bpf_stream_vprintk(stream_id, ___fmt, ___param, ___bpf_narg(args) * 8); })

struct bpf_iter_num;
extern int bpf_iter_num_new(struct bpf_iter_num *it, int start, int end) __weak __ksym;
extern int *bpf_iter_num_next(struct bpf_iter_num *it) __weak __ksym;
extern void bpf_iter_num_destroy(struct bpf_iter_num *it) __weak __ksym;

#ifndef bpf_for_each
#define bpf_for_each(type, cur, args...) \
	for (struct bpf_iter_##type ___it __attribute__((aligned(8), cleanup(bpf_iter_##type##_destroy))), \
	     *___p __attribute__((unused)) = (bpf_iter_##type##_new(&___it, ##args), (void)bpf_iter_##type##_destroy, (void *)0); \
	     (((cur) = bpf_iter_##type##_next(&___it)));)
#endif
#ifndef bpf_for
#define bpf_for(i, start, end) \
	for (struct bpf_iter_num ___it __attribute__((aligned(8), cleanup(bpf_iter_num_destroy))), \
	     *___p __attribute__((unused)) = (bpf_iter_num_new(&___it, (start), (end)), (void)bpf_iter_num_destroy, (void *)0); \
	     ({ int *___t = bpf_iter_num_next(&___it); (___t ? ((i) = *___t, (i) >= (start) && (i) < (end)) : 0); });)
#endif
#ifndef bpf_repeat
#define bpf_repeat(n) \
	for (struct bpf_iter_num ___it __attribute__((aligned(8), cleanup(bpf_iter_num_destroy))), \
	     *___p __attribute__((unused)) = (bpf_iter_num_new(&___it, 0, (n)), (void)bpf_iter_num_destroy, (void *)0); \
	     bpf_iter_num_next(&___it);)
#endif
#endif
