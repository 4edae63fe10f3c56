// The same program for a kernel that lacks the newer form.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

int table[16];

SEC("tc")
int sum(struct __sk_buff *skb)
{
	int total = 0;

#pragma unroll
	for (int i = 0; i < 16; i++)
		total += table[i];
#pragma clang loop unroll(disable)
	for (int i = 0; i < 8; i++)
		total += table[i];
	return total;
}

char LICENSE[] SEC("license") = "GPL";
