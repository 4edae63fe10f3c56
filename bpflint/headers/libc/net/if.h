/* POSIX <net/if.h>. */
#ifndef BPFLINT_NET_IF_H
#define BPFLINT_NET_IF_H
#include <sys/socket.h>
#include <linux/if.h>
#define IF_NAMESIZE 16
#ifndef IFNAMSIZ
#define IFNAMSIZ 16
#endif
#ifndef __bpf__
unsigned int if_nametoindex(const char *name);
char *if_indextoname(unsigned int index, char *name);
struct if_nameindex { unsigned int if_index; char *if_name; };
struct if_nameindex *if_nameindex(void);
void if_freenameindex(struct if_nameindex *names);
#endif
#endif
