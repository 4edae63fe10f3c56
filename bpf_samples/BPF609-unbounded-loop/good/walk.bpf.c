// Bounded by a count, by an iterator, or by what the verifier knows.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

extern int bpf_iter_num_new(struct bpf_iter_num *it, int start, int end) __ksym;
extern int *bpf_iter_num_next(struct bpf_iter_num *it) __ksym;
extern void bpf_iter_num_destroy(struct bpf_iter_num *it) __ksym;

int depth, limit = 64;

SEC("kprobe/do_exit")
int on_exit(struct pt_regs *ctx)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	struct bpf_iter_num it;
	__u64 bits = 1ull << 40;
	int *turn;
	int i;

	for (i = 0; i < 16; i++) {
		if (BPF_CORE_READ(task, pid) == 1)
			break;
		task = BPF_CORE_READ(task, real_parent);
	}
	for (i = 0; i < limit && i < 128; i++)
		depth = i;
	while (bits)
		bits >>= 1;
	bpf_iter_num_new(&it, 0, 10);
	while ((turn = bpf_iter_num_next(&it)))
		depth = *turn;
	bpf_iter_num_destroy(&it);
	return 0;
}

/* The verifier counts the turns of this jump. */
#define may_leave ({ __label__ out, on; asm volatile goto(".byte 0xe5; .byte 0; .long 0; .short 0" :::: out); goto on; out: break; on:; })

SEC("kprobe/do_wait")
int on_wait(struct pt_regs *ctx)
{
	struct task_struct *task = (void *)bpf_get_current_task();

	while (BPF_CORE_READ(task, pid) != 1) {
		task = BPF_CORE_READ(task, real_parent);
		may_leave;
	}
	return 0;
}

/* A pointer goes over a buffer of known length, word by word. */
static __always_inline __u64 summed(const __u64 *at)
{
	const __u64 *end = at + 4;
	__u64 sum = 0;

	for (; at != end; at++)
		sum += *at;
	return sum;
}

SEC("kprobe/do_sum")
int on_sum(struct pt_regs *ctx)
{
	__u64 words[4] = { 1, 2, 3, 4 };

	depth = summed(words);
	return 0;
}

static long step(__u64 index, void *data)
{
	return index > 10;
}

SEC("kprobe/do_fork")
int on_fork(struct pt_regs *ctx)
{
	do {
		depth = 1;
	} while (0);
	bpf_loop(100, step, NULL, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
