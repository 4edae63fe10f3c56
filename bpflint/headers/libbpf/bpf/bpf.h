/* Interface of <bpf/bpf.h>: names, numbers and members, generated from the public libbpf interface. */
#ifndef BPFLINT_BPF_BPF_H
#define BPFLINT_BPF_BPF_H
#include <stddef.h>
#include <linux/bpf.h>
#include <bpf/libbpf_common.h>
#include <bpf/libbpf_legacy.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
int libbpf_set_memlock_rlim(size_t);
struct bpf_map_create_opts {
	size_t sz;
	__u32 btf_fd;
	__u32 btf_key_type_id;
	__u32 btf_value_type_id;
	__u32 btf_vmlinux_value_type_id;
	__u32 inner_map_fd;
	__u32 map_flags;
	__u64 map_extra;
	__u32 numa_node;
	__u32 map_ifindex;
};
int bpf_map_create(enum bpf_map_type, const char *, __u32, __u32, __u32, const struct bpf_map_create_opts *);
struct bpf_prog_load_opts {
	size_t sz;
	int attempts;
	enum bpf_attach_type expected_attach_type;
	__u32 prog_btf_fd;
	__u32 prog_flags;
	__u32 prog_ifindex;
	__u32 kern_version;
	__u32 attach_btf_id;
	__u32 attach_prog_fd;
	__u32 attach_btf_obj_fd;
	const int *fd_array;
	const void *func_info;
	__u32 func_info_cnt;
	__u32 func_info_rec_size;
	const void *line_info;
	__u32 line_info_cnt;
	__u32 line_info_rec_size;
	__u32 log_level;
	__u32 log_size;
	char *log_buf;
	__u32 log_true_size;
	size_t : 0;
};
int bpf_prog_load(enum bpf_prog_type, const char *, const char *, const struct bpf_insn *, size_t, struct bpf_prog_load_opts *);
struct bpf_btf_load_opts {
	size_t sz;
	char *log_buf;
	__u32 log_level;
	__u32 log_size;
	__u32 log_true_size;
	size_t : 0;
};
int bpf_btf_load(const void *, size_t, struct bpf_btf_load_opts *);
int bpf_map_update_elem(int, const void *, const void *, __u64);
int bpf_map_lookup_elem(int, const void *, void *);
int bpf_map_lookup_elem_flags(int, const void *, void *, __u64);
int bpf_map_lookup_and_delete_elem(int, const void *, void *);
int bpf_map_lookup_and_delete_elem_flags(int, const void *, void *, __u64);
int bpf_map_delete_elem(int, const void *);
int bpf_map_delete_elem_flags(int, const void *, __u64);
int bpf_map_get_next_key(int, const void *, void *);
int bpf_map_freeze(int);
struct bpf_map_batch_opts {
	size_t sz;
	__u64 elem_flags;
	__u64 flags;
};
int bpf_map_delete_batch(int, const void *, __u32 *, const struct bpf_map_batch_opts *);
int bpf_map_lookup_batch(int, void *, void *, void *, void *, __u32 *, const struct bpf_map_batch_opts *);
int bpf_map_lookup_and_delete_batch(int, void *, void *, void *, void *, __u32 *, const struct bpf_map_batch_opts *);
int bpf_map_update_batch(int, const void *, const void *, __u32 *, const struct bpf_map_batch_opts *);
struct bpf_obj_get_opts {
	size_t sz;
	__u32 file_flags;
	size_t : 0;
};
int bpf_obj_pin(int, const char *);
int bpf_obj_get(const char *);
int bpf_obj_get_opts(const char *, const struct bpf_obj_get_opts *);
struct bpf_prog_attach_opts {
	size_t sz;
	unsigned int flags;
	int replace_prog_fd;
};
int bpf_prog_attach(int, int, enum bpf_attach_type, unsigned int);
int bpf_prog_attach_opts(int, int, enum bpf_attach_type, const struct bpf_prog_attach_opts *);
int bpf_prog_detach(int, enum bpf_attach_type);
int bpf_prog_detach2(int, int, enum bpf_attach_type);
union bpf_iter_link_info;
struct bpf_link_create_opts {
	size_t sz;
	__u32 flags;
	union bpf_iter_link_info *iter_info;
	__u32 iter_info_len;
	__u32 target_btf_id;
	union {
		struct {
			__u64 bpf_cookie;
		} perf_event;
		struct {
			__u32 flags;
			__u32 cnt;
			const char **syms;
			const unsigned long *addrs;
			const __u64 *cookies;
		} kprobe_multi;
		struct {
			__u64 cookie;
		} tracing;
	};
	size_t : 0;
};
int bpf_link_create(int, int, enum bpf_attach_type, const struct bpf_link_create_opts *);
int bpf_link_detach(int);
struct bpf_link_update_opts {
	size_t sz;
	__u32 flags;
	__u32 old_prog_fd;
	__u32 old_map_fd;
};
int bpf_link_update(int, int, const struct bpf_link_update_opts *);
int bpf_iter_create(int);
struct bpf_prog_test_run_attr {
	int prog_fd;
	int repeat;
	const void *data_in;
	__u32 data_size_in;
	void *data_out;
	__u32 data_size_out;
	__u32 retval;
	__u32 duration;
	const void *ctx_in;
	__u32 ctx_size_in;
	void *ctx_out;
	__u32 ctx_size_out;
};
int bpf_prog_get_next_id(__u32, __u32 *);
int bpf_map_get_next_id(__u32, __u32 *);
int bpf_btf_get_next_id(__u32, __u32 *);
int bpf_link_get_next_id(__u32, __u32 *);
struct bpf_get_fd_by_id_opts {
	size_t sz;
	__u32 open_flags;
	size_t : 0;
};
int bpf_prog_get_fd_by_id(__u32);
int bpf_prog_get_fd_by_id_opts(__u32, const struct bpf_get_fd_by_id_opts *);
int bpf_map_get_fd_by_id(__u32);
int bpf_map_get_fd_by_id_opts(__u32, const struct bpf_get_fd_by_id_opts *);
int bpf_btf_get_fd_by_id(__u32);
int bpf_btf_get_fd_by_id_opts(__u32, const struct bpf_get_fd_by_id_opts *);
int bpf_link_get_fd_by_id(__u32);
int bpf_link_get_fd_by_id_opts(__u32, const struct bpf_get_fd_by_id_opts *);
int bpf_obj_get_info_by_fd(int, void *, __u32 *);
int bpf_prog_get_info_by_fd(int, struct bpf_prog_info *, __u32 *);
int bpf_map_get_info_by_fd(int, struct bpf_map_info *, __u32 *);
int bpf_btf_get_info_by_fd(int, struct bpf_btf_info *, __u32 *);
int bpf_link_get_info_by_fd(int, struct bpf_link_info *, __u32 *);
struct bpf_prog_query_opts {
	size_t sz;
	__u32 query_flags;
	__u32 attach_flags;
	__u32 *prog_ids;
	__u32 prog_cnt;
	__u32 *prog_attach_flags;
};
int bpf_prog_query_opts(int, enum bpf_attach_type, struct bpf_prog_query_opts *);
int bpf_prog_query(int, enum bpf_attach_type, __u32, __u32 *, __u32 *, __u32 *);
int bpf_raw_tracepoint_open(const char *, int);
int bpf_task_fd_query(int, int, __u32, char *, __u32 *, __u32 *, __u32 *, __u64 *, __u64 *);
int bpf_enable_stats(enum bpf_stats_type);
struct bpf_prog_bind_opts {
	size_t sz;
	__u32 flags;
};
int bpf_prog_bind_map(int, int, const struct bpf_prog_bind_opts *);
struct bpf_test_run_opts {
	size_t sz;
	const void *data_in;
	void *data_out;
	__u32 data_size_in;
	__u32 data_size_out;
	const void *ctx_in;
	void *ctx_out;
	__u32 ctx_size_in;
	__u32 ctx_size_out;
	__u32 retval;
	int repeat;
	__u32 duration;
	__u32 flags;
	__u32 cpu;
	__u32 batch_size;
};
int bpf_prog_test_run_opts(int, struct bpf_test_run_opts *);
#define bpf_map_create_opts__last_field map_ifindex
#define bpf_prog_load_opts__last_field log_true_size
#define MAPS_RELAX_COMPAT 0x01
#define BPF_LOG_BUF_SIZE (UINT32_MAX >> 8)
#define bpf_btf_load_opts__last_field log_true_size
#define bpf_map_batch_opts__last_field flags
#define bpf_obj_get_opts__last_field file_flags
#define bpf_prog_attach_opts__last_field replace_prog_fd
#define bpf_link_create_opts__last_field kprobe_multi . cookies
#define bpf_link_update_opts__last_field old_map_fd
#define bpf_get_fd_by_id_opts__last_field open_flags
#define bpf_prog_query_opts__last_field prog_attach_flags
#define bpf_prog_bind_opts__last_field flags
#define bpf_test_run_opts__last_field batch_size
#endif
