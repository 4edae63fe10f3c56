/* The words of an IPv4-mapped address, as they lie in memory and as the macro spells them. */
#include <netinet/in.h>
#include <bpf/libbpf.h>

int is_mapped(const struct in6_addr *address)
{
	return address->s6_addr32[0] == 0 && address->s6_addr32[1] == 0 && address->s6_addr32[2] == 0xffff0000;
}

int is_mapped_too(const struct in6_addr *address)
{
	return address->s6_addr32[2] == htonl(0x0000ffff);
}
