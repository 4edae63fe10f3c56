/* Interface of <bpf/libbpf.h>: names, numbers and members, generated from the public libbpf interface. */
#ifndef BPFLINT_BPF_LIBBPF_H
#define BPFLINT_BPF_LIBBPF_H
#include <stddef.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdint.h>
#include <stdbool.h>
#include <linux/bpf.h>
#include <bpf/libbpf_common.h>
#include <bpf/libbpf_legacy.h>
__u32 libbpf_major_version(void);
__u32 libbpf_minor_version(void);
const char *libbpf_version_string(void);
enum libbpf_errno {
	__LIBBPF_ERRNO__START = 4000,
	LIBBPF_ERRNO__LIBELF = 4000,
	LIBBPF_ERRNO__FORMAT = 4001,
	LIBBPF_ERRNO__KVERSION = 4002,
	LIBBPF_ERRNO__ENDIAN = 4003,
	LIBBPF_ERRNO__INTERNAL = 4004,
	LIBBPF_ERRNO__RELOC = 4005,
	LIBBPF_ERRNO__LOAD = 4006,
	LIBBPF_ERRNO__VERIFY = 4007,
	LIBBPF_ERRNO__PROG2BIG = 4008,
	LIBBPF_ERRNO__KVER = 4009,
	LIBBPF_ERRNO__PROGTYPE = 4010,
	LIBBPF_ERRNO__WRNGPID = 4011,
	LIBBPF_ERRNO__INVSEQ = 4012,
	LIBBPF_ERRNO__NLPARSE = 4013,
	__LIBBPF_ERRNO__END = 4014,
};
int libbpf_strerror(int, char *, size_t);
const char *libbpf_bpf_attach_type_str(enum bpf_attach_type);
const char *libbpf_bpf_link_type_str(enum bpf_link_type);
const char *libbpf_bpf_map_type_str(enum bpf_map_type);
const char *libbpf_bpf_prog_type_str(enum bpf_prog_type);
enum libbpf_print_level {
	LIBBPF_WARN = 0,
	LIBBPF_INFO = 1,
	LIBBPF_DEBUG = 2,
};
typedef int (*libbpf_print_fn_t)(enum libbpf_print_level, const char *, va_list);
libbpf_print_fn_t libbpf_set_print(libbpf_print_fn_t);
struct bpf_object;
struct bpf_object_open_opts {
	size_t sz;
	const char *object_name;
	_Bool relaxed_maps;
	const char *pin_root_path;
	__u32 : 32;
	const char *kconfig;
	const char *btf_custom_path;
	char *kernel_log_buf;
	size_t kernel_log_size;
	__u32 kernel_log_level;
	size_t : 0;
};
struct bpf_object *bpf_object__open(const char *);
struct bpf_object *bpf_object__open_file(const char *, const struct bpf_object_open_opts *);
struct bpf_object *bpf_object__open_mem(const void *, size_t, const struct bpf_object_open_opts *);
int bpf_object__load(struct bpf_object *);
void bpf_object__close(struct bpf_object *);
int bpf_object__pin_maps(struct bpf_object *, const char *);
int bpf_object__unpin_maps(struct bpf_object *, const char *);
int bpf_object__pin_programs(struct bpf_object *, const char *);
int bpf_object__unpin_programs(struct bpf_object *, const char *);
int bpf_object__pin(struct bpf_object *, const char *);
const char *bpf_object__name(const struct bpf_object *);
unsigned int bpf_object__kversion(const struct bpf_object *);
int bpf_object__set_kversion(struct bpf_object *, __u32);
struct btf;
struct btf *bpf_object__btf(const struct bpf_object *);
int bpf_object__btf_fd(const struct bpf_object *);
struct bpf_program *bpf_object__find_program_by_name(const struct bpf_object *, const char *);
int libbpf_prog_type_by_name(const char *, enum bpf_prog_type *, enum bpf_attach_type *);
int libbpf_attach_type_by_name(const char *, enum bpf_attach_type *);
int libbpf_find_vmlinux_btf_id(const char *, enum bpf_attach_type);
struct bpf_program;
struct bpf_program *bpf_object__next_program(const struct bpf_object *, struct bpf_program *);
struct bpf_program *bpf_object__prev_program(const struct bpf_object *, struct bpf_program *);
void bpf_program__set_ifindex(struct bpf_program *, __u32);
const char *bpf_program__name(const struct bpf_program *);
const char *bpf_program__section_name(const struct bpf_program *);
_Bool bpf_program__autoload(const struct bpf_program *);
int bpf_program__set_autoload(struct bpf_program *, _Bool);
_Bool bpf_program__autoattach(const struct bpf_program *);
void bpf_program__set_autoattach(struct bpf_program *, _Bool);
struct bpf_insn;
const struct bpf_insn *bpf_program__insns(const struct bpf_program *);
int bpf_program__set_insns(struct bpf_program *, struct bpf_insn *, size_t);
size_t bpf_program__insn_cnt(const struct bpf_program *);
int bpf_program__fd(const struct bpf_program *);
int bpf_program__pin(struct bpf_program *, const char *);
int bpf_program__unpin(struct bpf_program *, const char *);
void bpf_program__unload(struct bpf_program *);
struct bpf_link;
struct bpf_link *bpf_link__open(const char *);
int bpf_link__fd(const struct bpf_link *);
const char *bpf_link__pin_path(const struct bpf_link *);
int bpf_link__pin(struct bpf_link *, const char *);
int bpf_link__unpin(struct bpf_link *);
int bpf_link__update_program(struct bpf_link *, struct bpf_program *);
void bpf_link__disconnect(struct bpf_link *);
int bpf_link__detach(struct bpf_link *);
int bpf_link__destroy(struct bpf_link *);
struct bpf_link *bpf_program__attach(const struct bpf_program *);
struct bpf_perf_event_opts {
	size_t sz;
	__u64 bpf_cookie;
	_Bool force_ioctl_attach;
	size_t : 0;
};
struct bpf_link *bpf_program__attach_perf_event(const struct bpf_program *, int);
struct bpf_link *bpf_program__attach_perf_event_opts(const struct bpf_program *, int, const struct bpf_perf_event_opts *);
enum probe_attach_mode {
	PROBE_ATTACH_MODE_DEFAULT = 0,
	PROBE_ATTACH_MODE_LEGACY = 1,
	PROBE_ATTACH_MODE_PERF = 2,
	PROBE_ATTACH_MODE_LINK = 3,
};
struct bpf_kprobe_opts {
	size_t sz;
	__u64 bpf_cookie;
	size_t offset;
	_Bool retprobe;
	enum probe_attach_mode attach_mode;
	size_t : 0;
};
struct bpf_link *bpf_program__attach_kprobe(const struct bpf_program *, _Bool, const char *);
struct bpf_link *bpf_program__attach_kprobe_opts(const struct bpf_program *, const char *, const struct bpf_kprobe_opts *);
struct bpf_kprobe_multi_opts {
	size_t sz;
	const char **syms;
	const unsigned long *addrs;
	const __u64 *cookies;
	size_t cnt;
	_Bool retprobe;
	_Bool session;
	_Bool unique_match;
	size_t : 0;
};
struct bpf_link *bpf_program__attach_kprobe_multi_opts(const struct bpf_program *, const char *, const struct bpf_kprobe_multi_opts *);
struct bpf_uprobe_multi_opts {
	size_t sz;
	const char **syms;
	const unsigned long *offsets;
	const unsigned long *ref_ctr_offsets;
	const __u64 *cookies;
	size_t cnt;
	_Bool retprobe;
	_Bool session;
	size_t : 0;
};
struct bpf_link *bpf_program__attach_uprobe_multi(const struct bpf_program *, pid_t, const char *, const char *, const struct bpf_uprobe_multi_opts *);
struct bpf_netfilter_opts {
	size_t sz;
	__u32 pf;
	__u32 hooknum;
	__s32 priority;
	__u32 flags;
};
struct bpf_link *bpf_program__attach_netfilter(const struct bpf_program *, const struct bpf_netfilter_opts *);
struct bpf_tcx_opts {
	size_t sz;
	__u32 flags;
	__u32 relative_fd;
	__u32 relative_id;
	__u64 expected_revision;
	size_t : 0;
};
struct bpf_link *bpf_program__attach_tcx(const struct bpf_program *, int, const struct bpf_tcx_opts *);
struct bpf_netkit_opts {
	size_t sz;
	__u32 flags;
	__u32 relative_fd;
	__u32 relative_id;
	__u64 expected_revision;
	size_t : 0;
};
struct bpf_link *bpf_program__attach_netkit(const struct bpf_program *, int, const struct bpf_netkit_opts *);
struct bpf_ksyscall_opts {
	size_t sz;
	__u64 bpf_cookie;
	_Bool retprobe;
	size_t : 0;
};
struct bpf_link *bpf_program__attach_ksyscall(const struct bpf_program *, const char *, const struct bpf_ksyscall_opts *);
struct bpf_uprobe_opts {
	size_t sz;
	size_t ref_ctr_offset;
	__u64 bpf_cookie;
	_Bool retprobe;
	const char *func_name;
	enum probe_attach_mode attach_mode;
	size_t : 0;
};
struct bpf_link *bpf_program__attach_uprobe(const struct bpf_program *, _Bool, pid_t, const char *, size_t);
struct bpf_link *bpf_program__attach_uprobe_opts(const struct bpf_program *, pid_t, const char *, size_t, const struct bpf_uprobe_opts *);
struct bpf_usdt_opts {
	size_t sz;
	__u64 usdt_cookie;
	size_t : 0;
};
struct bpf_link *bpf_program__attach_usdt(const struct bpf_program *, pid_t, const char *, const char *, const char *, const struct bpf_usdt_opts *);
struct bpf_tracepoint_opts {
	size_t sz;
	__u64 bpf_cookie;
};
struct bpf_link *bpf_program__attach_tracepoint(const struct bpf_program *, const char *, const char *);
struct bpf_link *bpf_program__attach_tracepoint_opts(const struct bpf_program *, const char *, const char *, const struct bpf_tracepoint_opts *);
struct bpf_link *bpf_program__attach_raw_tracepoint(const struct bpf_program *, const char *);
struct bpf_trace_opts {
	size_t sz;
	__u64 cookie;
};
struct bpf_link *bpf_program__attach_trace(const struct bpf_program *);
struct bpf_link *bpf_program__attach_trace_opts(const struct bpf_program *, const struct bpf_trace_opts *);
struct bpf_link *bpf_program__attach_lsm(const struct bpf_program *);
struct bpf_link *bpf_program__attach_cgroup(const struct bpf_program *, int);
struct bpf_link *bpf_program__attach_netns(const struct bpf_program *, int);
struct bpf_link *bpf_program__attach_xdp(const struct bpf_program *, int);
struct bpf_link *bpf_program__attach_freplace(const struct bpf_program *, int, const char *);
struct bpf_map;
struct bpf_link *bpf_map__attach_struct_ops(const struct bpf_map *);
int bpf_link__update_map(struct bpf_link *, const struct bpf_map *);
struct bpf_iter_attach_opts {
	size_t sz;
	union bpf_iter_link_info *link_info;
	__u32 link_info_len;
};
struct bpf_link *bpf_program__attach_iter(const struct bpf_program *, const struct bpf_iter_attach_opts *);
enum bpf_prog_type bpf_program__type(const struct bpf_program *);
int bpf_program__set_type(struct bpf_program *, enum bpf_prog_type);
enum bpf_attach_type bpf_program__expected_attach_type(const struct bpf_program *);
int bpf_program__set_expected_attach_type(struct bpf_program *, enum bpf_attach_type);
__u32 bpf_program__flags(const struct bpf_program *);
int bpf_program__set_flags(struct bpf_program *, __u32);
__u32 bpf_program__log_level(const struct bpf_program *);
int bpf_program__set_log_level(struct bpf_program *, __u32);
const char *bpf_program__log_buf(const struct bpf_program *, size_t *);
int bpf_program__set_log_buf(struct bpf_program *, char *, size_t);
int bpf_program__set_attach_target(struct bpf_program *, int, const char *);
struct bpf_map *bpf_object__find_map_by_name(const struct bpf_object *, const char *);
int bpf_object__find_map_fd_by_name(const struct bpf_object *, const char *);
struct bpf_map *bpf_object__next_map(const struct bpf_object *, const struct bpf_map *);
struct bpf_map *bpf_object__prev_map(const struct bpf_object *, const struct bpf_map *);
int bpf_map__set_autocreate(struct bpf_map *, _Bool);
_Bool bpf_map__autocreate(const struct bpf_map *);
int bpf_map__fd(const struct bpf_map *);
int bpf_map__reuse_fd(struct bpf_map *, int);
const char *bpf_map__name(const struct bpf_map *);
enum bpf_map_type bpf_map__type(const struct bpf_map *);
int bpf_map__set_type(struct bpf_map *, enum bpf_map_type);
__u32 bpf_map__max_entries(const struct bpf_map *);
int bpf_map__set_max_entries(struct bpf_map *, __u32);
__u32 bpf_map__map_flags(const struct bpf_map *);
int bpf_map__set_map_flags(struct bpf_map *, __u32);
__u32 bpf_map__numa_node(const struct bpf_map *);
int bpf_map__set_numa_node(struct bpf_map *, __u32);
__u32 bpf_map__key_size(const struct bpf_map *);
int bpf_map__set_key_size(struct bpf_map *, __u32);
__u32 bpf_map__value_size(const struct bpf_map *);
int bpf_map__set_value_size(struct bpf_map *, __u32);
__u32 bpf_map__btf_key_type_id(const struct bpf_map *);
__u32 bpf_map__btf_value_type_id(const struct bpf_map *);
__u32 bpf_map__ifindex(const struct bpf_map *);
int bpf_map__set_ifindex(struct bpf_map *, __u32);
__u64 bpf_map__map_extra(const struct bpf_map *);
int bpf_map__set_map_extra(struct bpf_map *, __u64);
int bpf_map__set_initial_value(struct bpf_map *, const void *, size_t);
const void *bpf_map__initial_value(struct bpf_map *, size_t *);
_Bool bpf_map__is_internal(const struct bpf_map *);
int bpf_map__set_pin_path(struct bpf_map *, const char *);
const char *bpf_map__pin_path(const struct bpf_map *);
_Bool bpf_map__is_pinned(const struct bpf_map *);
int bpf_map__pin(struct bpf_map *, const char *);
int bpf_map__unpin(struct bpf_map *, const char *);
int bpf_map__set_inner_map_fd(struct bpf_map *, int);
struct bpf_map *bpf_map__inner_map(struct bpf_map *);
int bpf_map__lookup_elem(const struct bpf_map *, const void *, size_t, void *, size_t, __u64);
int bpf_map__update_elem(const struct bpf_map *, const void *, size_t, const void *, size_t, __u64);
int bpf_map__delete_elem(const struct bpf_map *, const void *, size_t, __u64);
int bpf_map__lookup_and_delete_elem(const struct bpf_map *, const void *, size_t, void *, size_t, __u64);
int bpf_map__get_next_key(const struct bpf_map *, const void *, void *, size_t);
struct bpf_xdp_set_link_opts {
	size_t sz;
	int old_fd;
	size_t : 0;
};
struct bpf_xdp_attach_opts {
	size_t sz;
	int old_prog_fd;
	size_t : 0;
};
struct bpf_xdp_query_opts {
	size_t sz;
	__u32 prog_id;
	__u32 drv_prog_id;
	__u32 hw_prog_id;
	__u32 skb_prog_id;
	__u8 attach_mode;
	__u64 feature_flags;
	size_t : 0;
};
int bpf_xdp_attach(int, int, __u32, const struct bpf_xdp_attach_opts *);
int bpf_xdp_detach(int, __u32, const struct bpf_xdp_attach_opts *);
int bpf_xdp_query(int, int, struct bpf_xdp_query_opts *);
int bpf_xdp_query_id(int, int, __u32 *);
enum bpf_tc_attach_point {
	BPF_TC_INGRESS = 1,
	BPF_TC_EGRESS = 2,
	BPF_TC_CUSTOM = 4,
};
enum bpf_tc_flags {
	BPF_TC_F_REPLACE = 1,
};
struct bpf_tc_hook {
	size_t sz;
	int ifindex;
	enum bpf_tc_attach_point attach_point;
	__u32 parent;
	size_t : 0;
};
struct bpf_tc_opts {
	size_t sz;
	int prog_fd;
	__u32 flags;
	__u32 prog_id;
	__u32 handle;
	__u32 priority;
	size_t : 0;
};
int bpf_tc_hook_create(struct bpf_tc_hook *);
int bpf_tc_hook_destroy(struct bpf_tc_hook *);
int bpf_tc_attach(const struct bpf_tc_hook *, struct bpf_tc_opts *);
int bpf_tc_detach(const struct bpf_tc_hook *, const struct bpf_tc_opts *);
int bpf_tc_query(const struct bpf_tc_hook *, struct bpf_tc_opts *);
struct ring_buffer;
struct user_ring_buffer;
typedef int (*ring_buffer_sample_fn)(void *, void *, size_t);
struct ring_buffer_opts {
	size_t sz;
};
struct ring_buffer *ring_buffer__new(int, ring_buffer_sample_fn, void *, const struct ring_buffer_opts *);
void ring_buffer__free(struct ring_buffer *);
int ring_buffer__add(struct ring_buffer *, int, ring_buffer_sample_fn, void *);
int ring_buffer__poll(struct ring_buffer *, int);
int ring_buffer__consume(struct ring_buffer *);
int ring_buffer__epoll_fd(const struct ring_buffer *);
struct user_ring_buffer_opts {
	size_t sz;
};
struct user_ring_buffer *user_ring_buffer__new(int, const struct user_ring_buffer_opts *);
void *user_ring_buffer__reserve(struct user_ring_buffer *, __u32);
void *user_ring_buffer__reserve_blocking(struct user_ring_buffer *, __u32, int);
void user_ring_buffer__submit(struct user_ring_buffer *, void *);
void user_ring_buffer__discard(struct user_ring_buffer *, void *);
void user_ring_buffer__free(struct user_ring_buffer *);
struct perf_buffer;
typedef void (*perf_buffer_sample_fn)(void *, int, void *, __u32);
typedef void (*perf_buffer_lost_fn)(void *, int, __u64);
#ifdef BPFLINT_LEGACY_LIBBPF
struct perf_buffer_opts {
	perf_buffer_sample_fn sample_cb;
	perf_buffer_lost_fn lost_cb;
	void *ctx;
};
struct perf_buffer *perf_buffer__new(int, size_t, const struct perf_buffer_opts *);
#else
struct perf_buffer_opts {
	size_t sz;
	__u32 sample_period;
	size_t : 0;
};
struct perf_buffer *perf_buffer__new(int, size_t, perf_buffer_sample_fn, perf_buffer_lost_fn, void *, const struct perf_buffer_opts *);
#endif
enum bpf_perf_event_ret {
	LIBBPF_PERF_EVENT_DONE = 0,
	LIBBPF_PERF_EVENT_ERROR = -1,
	LIBBPF_PERF_EVENT_CONT = -2,
};
struct perf_event_header;
typedef enum bpf_perf_event_ret (*perf_buffer_event_fn)(void *, int, struct perf_event_header *);
struct perf_buffer_raw_opts {
	size_t sz;
	long : 0;
	long : 0;
	int cpu_cnt;
	int *cpus;
	int *map_keys;
};
struct perf_event_attr;
struct perf_buffer *perf_buffer__new_raw(int, size_t, struct perf_event_attr *, perf_buffer_event_fn, void *, const struct perf_buffer_raw_opts *);
void perf_buffer__free(struct perf_buffer *);
int perf_buffer__epoll_fd(const struct perf_buffer *);
int perf_buffer__poll(struct perf_buffer *, int);
int perf_buffer__consume(struct perf_buffer *);
int perf_buffer__consume_buffer(struct perf_buffer *, size_t);
size_t perf_buffer__buffer_cnt(const struct perf_buffer *);
int perf_buffer__buffer_fd(const struct perf_buffer *, size_t);
int perf_buffer__buffer(struct perf_buffer *, int, void **, size_t *);
struct bpf_prog_linfo;
struct bpf_prog_info;
void bpf_prog_linfo__free(struct bpf_prog_linfo *);
struct bpf_prog_linfo *bpf_prog_linfo__new(const struct bpf_prog_info *);
const struct bpf_line_info *bpf_prog_linfo__lfind_addr_func(const struct bpf_prog_linfo *, __u64, __u32, __u32);
const struct bpf_line_info *bpf_prog_linfo__lfind(const struct bpf_prog_linfo *, __u32, __u32);
int libbpf_probe_bpf_prog_type(enum bpf_prog_type, const void *);
int libbpf_probe_bpf_map_type(enum bpf_map_type, const void *);
int libbpf_probe_bpf_helper(enum bpf_prog_type, enum bpf_func_id, const void *);
int libbpf_num_possible_cpus(void);
struct bpf_map_skeleton {
	const char *name;
	struct bpf_map **map;
	void **mmaped;
};
struct bpf_prog_skeleton {
	const char *name;
	struct bpf_program **prog;
	struct bpf_link **link;
};
struct bpf_object_skeleton {
	size_t sz;
	const char *name;
	const void *data;
	size_t data_sz;
	struct bpf_object **obj;
	int map_cnt;
	int map_skel_sz;
	struct bpf_map_skeleton *maps;
	int prog_cnt;
	int prog_skel_sz;
	struct bpf_prog_skeleton *progs;
};
int bpf_object__open_skeleton(struct bpf_object_skeleton *, const struct bpf_object_open_opts *);
int bpf_object__load_skeleton(struct bpf_object_skeleton *);
int bpf_object__attach_skeleton(struct bpf_object_skeleton *);
void bpf_object__detach_skeleton(struct bpf_object_skeleton *);
void bpf_object__destroy_skeleton(struct bpf_object_skeleton *);
struct bpf_var_skeleton {
	const char *name;
	struct bpf_map **map;
	void **addr;
};
struct bpf_object_subskeleton {
	size_t sz;
	const struct bpf_object *obj;
	int map_cnt;
	int map_skel_sz;
	struct bpf_map_skeleton *maps;
	int prog_cnt;
	int prog_skel_sz;
	struct bpf_prog_skeleton *progs;
	int var_cnt;
	int var_skel_sz;
	struct bpf_var_skeleton *vars;
};
int bpf_object__open_subskeleton(struct bpf_object_subskeleton *);
void bpf_object__destroy_subskeleton(struct bpf_object_subskeleton *);
struct gen_loader_opts {
	size_t sz;
	const char *data;
	const char *insns;
	__u32 data_sz;
	__u32 insns_sz;
};
int bpf_object__gen_loader(struct bpf_object *, struct gen_loader_opts *);
enum libbpf_tristate {
	TRI_NO = 0,
	TRI_YES = 1,
	TRI_MODULE = 2,
};
struct bpf_linker_opts {
	size_t sz;
};
struct bpf_linker_file_opts {
	size_t sz;
};
struct bpf_linker;
struct bpf_linker *bpf_linker__new(const char *, struct bpf_linker_opts *);
int bpf_linker__add_file(struct bpf_linker *, const char *, const struct bpf_linker_file_opts *);
int bpf_linker__finalize(struct bpf_linker *);
void bpf_linker__free(struct bpf_linker *);
struct bpf_prog_load_opts;
typedef int (*libbpf_prog_setup_fn_t)(struct bpf_program *, long);
typedef int (*libbpf_prog_prepare_load_fn_t)(struct bpf_program *, struct bpf_prog_load_opts *, long);
typedef int (*libbpf_prog_attach_fn_t)(const struct bpf_program *, long, struct bpf_link **);
struct libbpf_prog_handler_opts {
	size_t sz;
	long cookie;
	libbpf_prog_setup_fn_t prog_setup_fn;
	libbpf_prog_prepare_load_fn_t prog_prepare_load_fn;
	libbpf_prog_attach_fn_t prog_attach_fn;
};
int libbpf_register_prog_handler(const char *, enum bpf_prog_type, enum bpf_attach_type, const struct libbpf_prog_handler_opts *);
int libbpf_unregister_prog_handler(int);
#define bpf_object_open_opts__last_field kernel_log_level
#define bpf_perf_event_opts__last_field force_ioctl_attach
#define bpf_kprobe_opts__last_field attach_mode
#define bpf_kprobe_multi_opts__last_field unique_match
#define bpf_uprobe_multi_opts__last_field session
#define bpf_netfilter_opts__last_field flags
#define bpf_tcx_opts__last_field expected_revision
#define bpf_netkit_opts__last_field expected_revision
#define bpf_ksyscall_opts__last_field retprobe
#define bpf_uprobe_opts__last_field attach_mode
#define bpf_usdt_opts__last_field usdt_cookie
#define bpf_tracepoint_opts__last_field bpf_cookie
#define bpf_trace_opts__last_field cookie
#define bpf_iter_attach_opts__last_field link_info_len
#define bpf_map__for_each bpf_object__for_each_map
#define bpf_xdp_set_link_opts__last_field old_fd
#define bpf_xdp_attach_opts__last_field old_prog_fd
#define bpf_xdp_query_opts__last_field feature_flags
#define BPF_TC_PARENT(a, b) ((((a)<< 16)& 0xFFFF0000U)| ((b)& 0x0000FFFFU))
#define bpf_tc_hook__last_field parent
#define bpf_tc_opts__last_field priority
#define ring_buffer_opts__last_field sz
#define user_ring_buffer_opts__last_field sz
#define perf_buffer_opts__last_field sample_period
#define perf_buffer_raw_opts__last_field map_keys
#define gen_loader_opts__last_field insns_sz
#define bpf_linker_opts__last_field sz
#define bpf_linker_file_opts__last_field sz
#define libbpf_prog_handler_opts__last_field prog_attach_fn
#endif
