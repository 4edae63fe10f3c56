/* User space parses an address, which is in network order from then on. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <bpf/libbpf.h>

static unsigned int wanted;

int main(int argc, char **argv)
{
	struct in_addr address;

	if (argc < 2 || !inet_aton(argv[1], &address))
		return 1;
	wanted = htonl(address.s_addr); /* want BPF203 "`address.s_addr` is in network byte order already" */
	return wanted == 0;
}
