/* Linux <sys/sysinfo.h>. */
#ifndef BPFLINT_SYS_SYSINFO_H
#define BPFLINT_SYS_SYSINFO_H
#include <linux/sysinfo.h>
int get_nprocs(void);
int get_nprocs_conf(void);
#if !defined(__VMLINUX_H__) || defined(BPFLINT_PARTIAL_VMLINUX)
int sysinfo(struct sysinfo *out);
#endif
#endif
