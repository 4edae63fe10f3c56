/* BSD <netinet/if_ether.h>. */
#include <net/ethernet.h>
#include <linux/if_ether.h>
