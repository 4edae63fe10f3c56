// Unrolled for the sake of kernels that are not meant any more. The second asks for the opposite.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

int table[16];

SEC("tc")
int sum(struct __sk_buff *skb)
{
	int total = 0;

#pragma unroll // want BPF908 "need not be unrolled"
	for (int i = 0; i < 16; i++)
		total += table[i];
#pragma clang loop unroll(disable)
	for (int i = 0; i < 8; i++)
		total += table[i];
	return total;
}

char LICENSE[] SEC("license") = "GPL";
