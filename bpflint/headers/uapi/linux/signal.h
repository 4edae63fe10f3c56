/* Interface of <linux/signal.h>: names, numbers and members, generated from Linux 6.1. */
#ifndef BPFLINT_LINUX_SIGNAL_H
#define BPFLINT_LINUX_SIGNAL_H
#define SS_ONSTACK 1
#define SS_DISABLE 2
#define SS_AUTODISARM (1U << 31)
#define SS_FLAG_BITS SS_AUTODISARM
#endif
