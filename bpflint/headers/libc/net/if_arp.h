/* BSD <net/if_arp.h>. */
#include <sys/socket.h>
#include <linux/if_arp.h>
