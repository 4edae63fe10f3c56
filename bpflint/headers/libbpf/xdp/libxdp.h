/* Interface of <xdp/libxdp.h>: names, numbers and members. */
#ifndef BPFLINT_XDP_LIBXDP_H
#define BPFLINT_XDP_LIBXDP_H
#include <stdio.h>
#include <stdbool.h>
#include <linux/bpf.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <xdp/xdp_helpers.h>
#define XDP_BPFFS_ENVVAR "LIBXDP_BPFFS"
#define XDP_BPFFS_MOUNT_ENVVAR "LIBXDP_BPFFS_AUTOMOUNT"
#define XDP_OBJECT_ENVVAR "LIBXDP_OBJECT_PATH"
#define DECLARE_LIBXDP_OPTS(type, name, ...) struct type name = { .sz = sizeof(struct type), __VA_ARGS__ }
enum xdp_attach_mode { XDP_MODE_UNSPEC = 0, XDP_MODE_NATIVE, XDP_MODE_SKB, XDP_MODE_HW };
enum libxdp_print_level { LIBXDP_WARN = 0, LIBXDP_INFO, LIBXDP_DEBUG };
typedef int (*libxdp_print_fn_t)(enum libxdp_print_level, const char *, va_list);
struct xdp_program;
struct xdp_multiprog;
struct xdp_program_opts {
	size_t sz;
	struct bpf_object *obj;
	struct bpf_object_open_opts *opts;
	const char *prog_name;
	const char *find_filename;
	const char *open_filename;
	const char *pin_path;
	__u32 id;
	int fd;
	size_t : 0;
};
libxdp_print_fn_t libxdp_set_print(libxdp_print_fn_t);
int libxdp_strerror(int, char *, size_t);
int libxdp_clean_references(int);
long libxdp_get_error(const void *);
struct xdp_program *xdp_program__create(struct xdp_program_opts *);
struct xdp_program *xdp_program__from_bpf_obj(struct bpf_object *, const char *);
struct xdp_program *xdp_program__find_file(const char *, const char *, struct bpf_object_open_opts *);
struct xdp_program *xdp_program__open_file(const char *, const char *, struct bpf_object_open_opts *);
struct xdp_program *xdp_program__from_fd(int);
struct xdp_program *xdp_program__from_id(__u32);
struct xdp_program *xdp_program__from_pin(const char *);
struct xdp_program *xdp_program__clone(struct xdp_program *, unsigned int);
void xdp_program__close(struct xdp_program *);
struct bpf_object *xdp_program__bpf_obj(struct xdp_program *);
const char *xdp_program__name(const struct xdp_program *);
const unsigned char *xdp_program__tag(const struct xdp_program *);
__u32 xdp_program__id(const struct xdp_program *);
int xdp_program__fd(const struct xdp_program *);
unsigned int xdp_program__run_prio(const struct xdp_program *);
int xdp_program__set_run_prio(struct xdp_program *, unsigned int);
bool xdp_program__chain_call_enabled(const struct xdp_program *, enum xdp_action);
int xdp_program__set_chain_call_enabled(struct xdp_program *, unsigned int, bool);
int xdp_program__print_chain_call_actions(const struct xdp_program *, char *, size_t);
bool xdp_program__xdp_frags_support(const struct xdp_program *);
int xdp_program__set_xdp_frags_support(struct xdp_program *, bool);
int xdp_program__pin(struct xdp_program *, const char *);
enum xdp_attach_mode xdp_program__is_attached(const struct xdp_program *, int);
int xdp_program__attach(struct xdp_program *, int, enum xdp_attach_mode, unsigned int);
int xdp_program__attach_multi(struct xdp_program **, size_t, int, enum xdp_attach_mode, unsigned int);
int xdp_program__detach(struct xdp_program *, int, enum xdp_attach_mode, unsigned int);
int xdp_program__detach_multi(struct xdp_program **, size_t, int, enum xdp_attach_mode, unsigned int);
int xdp_program__test_run(struct xdp_program *, struct bpf_test_run_opts *, unsigned int);
struct xdp_multiprog *xdp_multiprog__get_from_ifindex(int);
struct xdp_program *xdp_multiprog__next_prog(const struct xdp_program *, const struct xdp_multiprog *);
struct xdp_program *xdp_multiprog__hw_prog(const struct xdp_multiprog *);
struct xdp_program *xdp_multiprog__main_prog(const struct xdp_multiprog *);
void xdp_multiprog__close(struct xdp_multiprog *);
int xdp_multiprog__detach(struct xdp_multiprog *);
enum xdp_attach_mode xdp_multiprog__attach_mode(const struct xdp_multiprog *);
bool xdp_multiprog__is_legacy(const struct xdp_multiprog *);
bool xdp_multiprog__xdp_frags_support(const struct xdp_multiprog *);
int xdp_multiprog__program_count(const struct xdp_multiprog *);
#endif
