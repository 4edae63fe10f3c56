/* User space sets a port. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <bpf/libbpf.h>

int main(void)
{
	struct sockaddr_in to;

	memset(&to, 0, sizeof(to));
	to.sin_family = AF_INET;
	to.sin_port = 8080; /* want BPF202 "`0x1f90` is stored unswapped" */
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return to.sin_port == 0;
}
