/* BSD <netinet/icmp6.h>: the kernel's icmp6hdr. */
#include <netinet/in.h>
#include <linux/icmpv6.h>
