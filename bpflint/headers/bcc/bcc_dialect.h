/* bcc's C dialect as plain C: table macros declare a variable whose members carry the key and leaf types, the map's
   numbers (array lengths, as in libbpf's convention) and the methods. Force-include it after vmlinux.h. */
#ifndef BPFLINT_BCC_DIALECT_H
#define BPFLINT_BCC_DIALECT_H
#ifndef __BPF_TRACING__
#define __BPF_TRACING__ 1
#endif
#include <linux/types.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_tracing.h>
#include <linux/version.h>

#include <kernel_environment.h>

/* bcc passes the size of the format itself (its helpers.h). */
#define bpf_trace_printk(fmt, args...) bpf_trace_printk(fmt, sizeof(fmt), ##args)

/* Methods: every table has all, because a method the map type lacks is a rule's business, not a parse error. */
#define BPFLINT_BCC_METHODS(K, V) \
	V *(*lookup)(K *); \
	V *(*lookup_or_init)(K *, V *); \
	V *(*lookup_or_try_init)(K *, V *); \
	long (*update)(K *, V *); \
	long (*insert)(K *, V *); \
	long (*delete)(K *); \
	void (*increment)(K, ...); \
	void (*atomic_increment)(K, ...); \
	long (*push)(V *, ...); \
	long (*pop)(V *); \
	long (*peek)(V *); \
	int (*get_stackid)(void *, __u64); \
	void (*call)(void *, int); \
	long (*redirect_map)(int, __u64); \
	__u64 (*perf_read)(int); \
	int (*perf_counter_value)(int, void *, __u32); \
	int (*perf_submit)(void *, void *, __u32); \
	int (*perf_submit_skb)(void *, __u32, void *, __u32); \
	int (*ringbuf_output)(void *, __u64, __u64); \
	void *(*ringbuf_reserve)(__u64); \
	void (*ringbuf_submit)(void *, __u64); \
	void (*ringbuf_discard)(void *, __u64); \
	__u64 (*ringbuf_query)(__u64); \
	V *(*sk_storage_get)(void *, void *, __u64); \
	int (*sk_storage_delete)(void *); \
	V *(*inode_storage_get)(void *, void *, __u64); \
	int (*inode_storage_delete)(void *); \
	V *(*task_storage_get)(void *, void *, __u64); \
	int (*task_storage_delete)(void *); \
	V *(*get_local_storage)(__u64); \
	int (*check_current_task)(__u32); \
	int (*sock_map_update)(void *, void *, __u64); \
	int (*sock_hash_update)(void *, void *, __u64); \
	int (*msg_redirect_map)(void *, __u32, __u64); \
	int (*sk_redirect_map)(void *, __u32, __u64); \
	int (*msg_redirect_hash)(void *, void *, __u64); \
	int (*sk_redirect_hash)(void *, void *, __u64);

/* Kinds as numbers: bcc names a table by a word ("hash"), which is kept in the section of the variable as well. */
#define BPFLINT_BCC_TABLE(KIND, TYPE, K, V, NAME, SIZE, FLAGS) \
struct NAME##_table_t { \
	K key; \
	V leaf; \
	int (*type)[(TYPE) + 1]; \
	int (*max_entries)[BPFLINT_AT_LEAST_1(SIZE)]; \
	int (*map_flags)[(FLAGS) + 1]; \
	BPFLINT_BCC_METHODS(K, V) \
}; \
__attribute__((section("maps/" KIND))) struct NAME##_table_t NAME = { 0 }
#define BPFLINT_AT_LEAST_1(n) ((n) > 0 ? (n) : 1)

/* `type` and `map_flags` are stored plus one, so that zero stays a legal array length. */
#define BPFLINT_BCC_TYPE_OFFSET 1
#define BPFLINT_KIND_TYPE(kind) ( \
	__builtin_strcmp(kind, "hash") == 0 ? 1 : __builtin_strcmp(kind, "array") == 0 ? 2 : \
	__builtin_strcmp(kind, "prog") == 0 ? 3 : __builtin_strcmp(kind, "perf_output") == 0 ? 4 : \
	__builtin_strcmp(kind, "perf_array") == 0 ? 4 : __builtin_strcmp(kind, "percpu_hash") == 0 ? 5 : \
	__builtin_strcmp(kind, "percpu_array") == 0 ? 6 : __builtin_strcmp(kind, "stacktrace") == 0 ? 7 : \
	__builtin_strcmp(kind, "cgroup_array") == 0 ? 8 : __builtin_strcmp(kind, "lru_hash") == 0 ? 9 : \
	__builtin_strcmp(kind, "lru_percpu_hash") == 0 ? 10 : __builtin_strcmp(kind, "lpm_trie") == 0 ? 11 : \
	__builtin_strcmp(kind, "array_of_maps") == 0 ? 12 : __builtin_strcmp(kind, "hash_of_maps") == 0 ? 13 : \
	__builtin_strcmp(kind, "histogram") == 0 ? 1 : __builtin_strcmp(kind, "devmap") == 0 ? 14 : \
	__builtin_strcmp(kind, "sockmap") == 0 ? 15 : __builtin_strcmp(kind, "cpumap") == 0 ? 16 : \
	__builtin_strcmp(kind, "xskmap") == 0 ? 17 : __builtin_strcmp(kind, "sockhash") == 0 ? 18 : \
	__builtin_strcmp(kind, "queue") == 0 ? 22 : __builtin_strcmp(kind, "stack") == 0 ? 23 : \
	__builtin_strcmp(kind, "sk_storage") == 0 ? 24 : __builtin_strcmp(kind, "ringbuf") == 0 ? 27 : \
	__builtin_strcmp(kind, "inode_storage") == 0 ? 28 : __builtin_strcmp(kind, "task_storage") == 0 ? 29 : 0)

#define BPF_F_TABLE(kind, K, V, name, size, flags) BPFLINT_BCC_TABLE(kind, BPFLINT_KIND_TYPE(kind), K, V, name, size, flags)
#define BPF_TABLE(kind, K, V, name, size) BPF_F_TABLE(kind, K, V, name, size, 0)
#define BPF_TABLE_PUBLIC(kind, K, V, name, size) BPF_F_TABLE(kind, K, V, name, size, 0)
#define BPF_TABLE_SHARED(kind, K, V, name, size) BPF_F_TABLE(kind, K, V, name, size, 0)
#define BPF_TABLE_PINNED(kind, K, V, name, size, path) BPF_F_TABLE(kind, K, V, name, size, 0)
#define BPF_TABLE_PINNED7(kind, K, V, name, size, path, flags) BPF_F_TABLE(kind, K, V, name, size, flags)
#define BPF_F_TABLE_PUBLIC(kind, K, V, name, size, flags) BPF_F_TABLE(kind, K, V, name, size, flags)
#define BPF_TABLE_PINNED_PUBLIC BPF_TABLE_PINNED

#define BPFLINT_CHOOSE(prefix, args...) BPFLINT_CAT(prefix, ___bpf_narg(args))(args)
#define BPFLINT_HASH_1(n) BPF_TABLE("hash", __u64, __u64, n, 10240)
#define BPFLINT_HASH_2(n, K) BPF_TABLE("hash", K, __u64, n, 10240)
#define BPFLINT_HASH_3(n, K, V) BPF_TABLE("hash", K, V, n, 10240)
#define BPFLINT_HASH_4(n, K, V, s) BPF_TABLE("hash", K, V, n, s)
#define BPF_HASH(args...) BPFLINT_CHOOSE(BPFLINT_HASH_, args)
#define BPFLINT_PHASH_1(n) BPF_TABLE("percpu_hash", __u64, __u64, n, 10240)
#define BPFLINT_PHASH_2(n, K) BPF_TABLE("percpu_hash", K, __u64, n, 10240)
#define BPFLINT_PHASH_3(n, K, V) BPF_TABLE("percpu_hash", K, V, n, 10240)
#define BPFLINT_PHASH_4(n, K, V, s) BPF_TABLE("percpu_hash", K, V, n, s)
#define BPF_PERCPU_HASH(args...) BPFLINT_CHOOSE(BPFLINT_PHASH_, args)
#define BPFLINT_LRU_1(n) BPF_TABLE("lru_hash", __u64, __u64, n, 10240)
#define BPFLINT_LRU_2(n, K) BPF_TABLE("lru_hash", K, __u64, n, 10240)
#define BPFLINT_LRU_3(n, K, V) BPF_TABLE("lru_hash", K, V, n, 10240)
#define BPFLINT_LRU_4(n, K, V, s) BPF_TABLE("lru_hash", K, V, n, s)
#define BPF_LRU_HASH(args...) BPFLINT_CHOOSE(BPFLINT_LRU_, args)
#define BPFLINT_ARRAY_1(n) BPF_TABLE("array", int, __u64, n, 10240)
#define BPFLINT_ARRAY_2(n, V) BPF_TABLE("array", int, V, n, 10240)
#define BPFLINT_ARRAY_3(n, V, s) BPF_TABLE("array", int, V, n, s)
#define BPF_ARRAY(args...) BPFLINT_CHOOSE(BPFLINT_ARRAY_, args)
#define BPFLINT_PARRAY_1(n) BPF_TABLE("percpu_array", int, __u64, n, 10240)
#define BPFLINT_PARRAY_2(n, V) BPF_TABLE("percpu_array", int, V, n, 10240)
#define BPFLINT_PARRAY_3(n, V, s) BPF_TABLE("percpu_array", int, V, n, s)
#define BPF_PERCPU_ARRAY(args...) BPFLINT_CHOOSE(BPFLINT_PARRAY_, args)
#define BPFLINT_HIST_1(n) BPF_TABLE("histogram", int, __u64, n, 64)
#define BPFLINT_HIST_2(n, K) BPF_TABLE("histogram", K, __u64, n, 64)
#define BPFLINT_HIST_3(n, K, s) BPF_TABLE("histogram", K, __u64, n, s)
#define BPF_HISTOGRAM(args...) BPFLINT_CHOOSE(BPFLINT_HIST_, args)
#define BPFLINT_LPM_1(n) BPF_F_TABLE("lpm_trie", __u64, __u64, n, 10240, 1)
#define BPFLINT_LPM_2(n, K) BPF_F_TABLE("lpm_trie", K, __u64, n, 10240, 1)
#define BPFLINT_LPM_3(n, K, V) BPF_F_TABLE("lpm_trie", K, V, n, 10240, 1)
#define BPFLINT_LPM_4(n, K, V, s) BPF_F_TABLE("lpm_trie", K, V, n, s, 1)
#define BPF_LPM_TRIE(args...) BPFLINT_CHOOSE(BPFLINT_LPM_, args)
#define BPF_QUEUE(n, V, s) BPF_TABLE("queue", int, V, n, s)
#define BPF_STACK(n, V, s) BPF_TABLE("stack", int, V, n, s)
#define BPF_QUEUESTACK(kind, n, V, s, flags) BPF_F_TABLE(kind, int, V, n, s, flags)
struct bpf_stacktrace { __u64 ip[127]; };
struct bpf_stacktrace_buildid { struct { __s32 status; unsigned char build_id[20]; union { __u64 offset; __u64 ip; }; } trace[127]; };
#define BPF_STACK_TRACE(n, s) BPF_TABLE("stacktrace", int, struct bpf_stacktrace, n, s)
#define BPF_STACK_TRACE_BUILDID(n, s) BPF_F_TABLE("stacktrace", int, struct bpf_stacktrace_buildid, n, s, 32)
#define BPF_PROG_ARRAY(n, s) BPF_TABLE("prog", __u32, __u32, n, s)
#define BPF_PERF_ARRAY(n, s) BPF_TABLE("perf_array", int, __u32, n, s)
#define BPF_CGROUP_ARRAY(n, s) BPF_TABLE("cgroup_array", int, __u32, n, s)
#define BPF_PERF_OUTPUT(n) BPF_TABLE("perf_output", int, __u32, n, 0)
#define BPF_RINGBUF_OUTPUT(n, pages) BPF_TABLE("ringbuf", int, __u32, n, (pages) * 4096)
#define BPF_DEVMAP(n, s) BPF_TABLE("devmap", int, int, n, s)
#define BPF_CPUMAP(n, s) BPF_TABLE("cpumap", int, int, n, s)
#define BPF_XSKMAP(n, s, ...) BPF_TABLE("xskmap", int, int, n, s)
#define BPF_SOCKMAP(n, s) BPF_TABLE("sockmap", __u32, int, n, s)
#define BPFLINT_SOCKHASH_1(n) BPF_TABLE("sockhash", __u32, int, n, 10240)
#define BPFLINT_SOCKHASH_2(n, K) BPF_TABLE("sockhash", K, int, n, 10240)
#define BPFLINT_SOCKHASH_3(n, K, s) BPF_TABLE("sockhash", K, int, n, s)
#define BPF_SOCKHASH(args...) BPFLINT_CHOOSE(BPFLINT_SOCKHASH_, args)
#define BPF_SK_STORAGE(n, V) BPF_F_TABLE("sk_storage", int, V, n, 0, 1)
#define BPF_INODE_STORAGE(n, V) BPF_F_TABLE("inode_storage", int, V, n, 0, 1)
#define BPF_TASK_STORAGE(n, V) BPF_F_TABLE("task_storage", int, V, n, 0, 1)
#define BPF_CGROUP_STORAGE(n, V) BPF_TABLE("cgroup_storage", int, V, n, 0)
#define BPF_ARRAY_OF_MAPS(n, inner, s) BPF_TABLE("array_of_maps", int, int, n, s)
#define BPFLINT_HOM_2(n, inner) BPF_TABLE("hash_of_maps", int, int, n, 10240)
#define BPFLINT_HOM_3(n, K, inner) BPF_TABLE("hash_of_maps", K, int, n, 10240)
#define BPFLINT_HOM_4(n, K, inner, s) BPF_TABLE("hash_of_maps", K, int, n, s)
#define BPF_HASH_OF_MAPS(args...) BPFLINT_CHOOSE(BPFLINT_HOM_, args)

/* Probes: the context argument is what bcc gives; tracepoint arguments come from the event's format at run time,
   here from the record that vmlinux.h has for events with a class of their own. */
#define BPFLINT_FIRST_(a, ...) a
#define TRACEPOINT_PROBE(category, event) int tracepoint__##category##__##event(struct trace_event_raw_##event *args)
#define RAW_TRACEPOINT_PROBE(event) int raw_tracepoint__##event(struct bpf_raw_tracepoint_args *ctx)
#define BPFLINT_NAMED(prefix, name, args...) \
BPFLINT_CAT(prefix, name)(unsigned long long *ctx); \
static inline __attribute__((always_inline)) int BPFLINT_CAT(____##prefix, name)(unsigned long long *ctx, ##args); \
int BPFLINT_CAT(prefix, name)(unsigned long long *ctx) { BPFLINT_QUIET(return BPFLINT_CAT(____##prefix, name) BPFLINT_ARGS(BPFLINT_CTX_, ##args);) } \
static inline __attribute__((always_inline)) int BPFLINT_CAT(____##prefix, name)(unsigned long long *ctx, ##args)
#define KFUNC_PROBE(event, args...) int BPFLINT_NAMED(kfunc__vmlinux__, event, ##args)
#define KRETFUNC_PROBE(event, args...) int BPFLINT_NAMED(kretfunc__vmlinux__, event, ##args)
#define KMOD_RET(event, args...) int BPFLINT_NAMED(kmod_ret__vmlinux__, event, ##args)
#define MODULE_KFUNC_PROBE(module, event, args...) int BPFLINT_NAMED(kfunc__##module##__, event, ##args)
#define MODULE_KRETFUNC_PROBE(module, event, args...) int BPFLINT_NAMED(kretfunc__##module##__, event, ##args)
#define LSM_PROBE(event, args...) int BPFLINT_NAMED(lsm__, event, ##args)
#define BPF_ITER(target) int bpf_iter__##target(struct bpf_iter__##target *ctx)

/* Functions of bcc's own helpers.h beyond the kernel's helpers. */
#define lock_xadd(ptr, val) ((void)__sync_fetch_and_add(ptr, val))
#define bpf_memcpy __builtin_memcpy
#define cursor_advance(cursor, len) ({ void *_t = (cursor); (cursor) += (len); _t; })
static inline unsigned int bpf_log2(unsigned int v) { return v ? 32 - __builtin_clz(v) : 0; }
static inline unsigned int bpf_log2l(unsigned long v) { return v ? 64 - __builtin_clzl(v) + 1 : 0; }
int bpf_usdt_readarg(int argument, void *ctx, void *out, ...);
int bpf_usdt_readarg_p(int argument, void *ctx, void *out, __u64 size);
int bpf_num_cpus(void);
unsigned long long load_byte(void *skb, unsigned long long at);
unsigned long long load_half(void *skb, unsigned long long at);
unsigned long long load_word(void *skb, unsigned long long at);
void *memcpy(void *to, const void *from, unsigned long n);
void *memset(void *to, int byte, unsigned long n);
int memcmp(const void *a, const void *b, unsigned long n);
#define TP_DATA_LOC_READ_CONST(dst, field, length) bpf_probe_read_kernel(dst, length, (char *)args + (args->data_loc_##field & 0xffff))
#define TP_DATA_LOC_READ(dst, field) TP_DATA_LOC_READ_CONST(dst, field, sizeof(*(dst)))
#define TP_DATA_LOC_READ_STR(dst, field, length) bpf_probe_read_str(dst, length, (char *)args + (args->data_loc_##field & 0xffff))
#endif
