/* Interface of <linux/param.h>: names, numbers and members, generated from Linux 6.1. */
#ifndef BPFLINT_LINUX_PARAM_H
#define BPFLINT_LINUX_PARAM_H
#include <asm/param.h>
#endif
