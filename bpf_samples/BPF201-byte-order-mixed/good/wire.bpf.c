/* Bytes read from a stream have no known order: `bpf_htonl` swaps them to host order just as `bpf_ntohl` does. */
#define __TARGET_ARCH_x86
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_endian.h>

#define CLASS_BASIC 60

char LICENSE[] SEC("license") = "GPL";

struct stream_head {
	__s32 length;
	__s16 key;
	__s32 id;
};

static __always_inline int is_request(const char *buf, __u64 size)
{
	struct stream_head head = {};

	bpf_probe_read_user(&head, sizeof(head), buf);
	head.length = bpf_htonl(head.length);
	if (head.length + 4 != size)
		return 0;
	head.key = bpf_htons(head.key);
	return head.key >= 0 && head.key <= 67;
}

static __always_inline int is_frame(const char *buf, __u64 size)
{
	__u32 length = 0;
	__u16 class = 0;

	bpf_probe_read_user(&length, sizeof(length), buf + 3);
	length = bpf_htonl(length);
	if (7 + length + 1 > size || length < 64)
		return 0;
	bpf_probe_read_user(&class, sizeof(class), buf + 7);
	return bpf_htons(class) == CLASS_BASIC;
}

SEC("uprobe")
int on_write(struct pt_regs *ctx)
{
	const char *buf = (const char *)PT_REGS_PARM2(ctx);
	__u64 size = PT_REGS_PARM3(ctx);

	return is_request(buf, size) || is_frame(buf, size);
}
