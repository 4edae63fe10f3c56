/* Interface of <xdp/xsk.h>: names, numbers and members. */
#ifndef BPFLINT_XDP_XSK_H
#define BPFLINT_XDP_XSK_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <linux/if_xdp.h>
#include <bpf/libbpf.h>
#define XSK_RING_CONS__DEFAULT_NUM_DESCS 2048
#define XSK_RING_PROD__DEFAULT_NUM_DESCS 2048
#define XSK_UMEM__DEFAULT_FRAME_SHIFT 12
#define XSK_UMEM__DEFAULT_FRAME_SIZE (1 << XSK_UMEM__DEFAULT_FRAME_SHIFT)
#define XSK_UMEM__DEFAULT_FRAME_HEADROOM 0
#define XSK_UMEM__DEFAULT_FLAGS 0
#define XSK_LIBBPF_FLAGS__INHIBIT_PROG_LOAD (1 << 0)
#define XSK_LIBXDP_FLAGS__INHIBIT_PROG_LOAD (1 << 0)
struct xsk_ring_prod { __u32 cached_prod, cached_cons, mask, size, *producer, *consumer; void *ring; __u32 *flags; };
struct xsk_ring_cons { __u32 cached_prod, cached_cons, mask, size, *producer, *consumer; void *ring; __u32 *flags; };
struct xsk_umem;
struct xsk_socket;
struct xsk_umem_config { __u32 fill_size, comp_size, frame_size, frame_headroom, flags; };
struct xsk_socket_config {
	__u32 rx_size, tx_size;
	union { __u32 libbpf_flags, libxdp_flags; };
	__u32 xdp_flags;
	__u16 bind_flags;
};
__u64 *xsk_ring_prod__fill_addr(struct xsk_ring_prod *, __u32);
const __u64 *xsk_ring_cons__comp_addr(const struct xsk_ring_cons *, __u32);
struct xdp_desc *xsk_ring_prod__tx_desc(struct xsk_ring_prod *, __u32);
const struct xdp_desc *xsk_ring_cons__rx_desc(const struct xsk_ring_cons *, __u32);
int xsk_ring_prod__needs_wakeup(const struct xsk_ring_prod *);
__u32 xsk_prod_nb_free(struct xsk_ring_prod *, __u32);
__u32 xsk_ring_prod__reserve(struct xsk_ring_prod *, __u32, __u32 *);
void xsk_ring_prod__submit(struct xsk_ring_prod *, __u32);
__u32 xsk_cons_nb_avail(struct xsk_ring_cons *, __u32);
__u32 xsk_ring_cons__peek(struct xsk_ring_cons *, __u32, __u32 *);
void xsk_ring_cons__cancel(struct xsk_ring_cons *, __u32);
void xsk_ring_cons__release(struct xsk_ring_cons *, __u32);
void *xsk_umem__get_data(void *, __u64);
__u64 xsk_umem__extract_addr(__u64);
__u64 xsk_umem__extract_offset(__u64);
__u64 xsk_umem__add_offset_to_addr(__u64);
int xsk_umem__fd(const struct xsk_umem *);
int xsk_socket__fd(const struct xsk_socket *);
int xsk_setup_xdp_prog(int, int *);
int xsk_socket__update_xskmap(struct xsk_socket *, int);
int xsk_umem__create(struct xsk_umem **, void *, __u64, struct xsk_ring_prod *, struct xsk_ring_cons *, const struct xsk_umem_config *);
int xsk_socket__create(struct xsk_socket **, const char *, __u32, struct xsk_umem *, struct xsk_ring_cons *, struct xsk_ring_prod *, const struct xsk_socket_config *);
int xsk_socket__create_shared(struct xsk_socket **, const char *, __u32, struct xsk_umem *, struct xsk_ring_cons *, struct xsk_ring_prod *, struct xsk_ring_prod *, struct xsk_ring_cons *, const struct xsk_socket_config *);
int xsk_umem__delete(struct xsk_umem *);
void xsk_socket__delete(struct xsk_socket *);
#endif
