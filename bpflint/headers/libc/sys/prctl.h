/* Linux <sys/prctl.h>. */
#ifndef BPFLINT_SYS_PRCTL_H
#define BPFLINT_SYS_PRCTL_H
#include <linux/prctl.h>
int prctl(int option, ...);
#endif
