/* BSD <netinet/ip6.h>. */
#ifndef BPFLINT_NETINET_IP6_H
#define BPFLINT_NETINET_IP6_H
#include <netinet/in.h>
struct ip6_hdr { union { struct { uint32_t ip6_un1_flow; uint16_t ip6_un1_plen; uint8_t ip6_un1_nxt, ip6_un1_hlim; } ip6_un1; uint8_t ip6_un2_vfc; } ip6_ctlun;
	struct in6_addr ip6_src, ip6_dst; };
#define ip6_vfc ip6_ctlun.ip6_un2_vfc
#define ip6_flow ip6_ctlun.ip6_un1.ip6_un1_flow
#define ip6_plen ip6_ctlun.ip6_un1.ip6_un1_plen
#define ip6_nxt ip6_ctlun.ip6_un1.ip6_un1_nxt
#define ip6_hlim ip6_ctlun.ip6_un1.ip6_un1_hlim
#endif
