// A thousand turns, each walked by the verifier; ten are nothing.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

int table[1024];

SEC("tc")
int sum(struct __sk_buff *skb)
{
	int total = 0;

	for (int i = 0; i < 1000; i++) // want BPF907 "up to 1000 times"
		total += table[i];
	for (int i = 0; i < 10; i++)
		total += table[i];
	return total;
}

char LICENSE[] SEC("license") = "GPL";
