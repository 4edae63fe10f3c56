/* BSD <netinet/ip_icmp.h>: the kernel's icmphdr. */
#include <netinet/in.h>
#include <linux/icmp.h>
