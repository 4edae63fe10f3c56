/* Interface of <linux/module.h>: names, numbers and members, generated from Linux 6.1. */
#ifndef BPFLINT_LINUX_MODULE_H
#define BPFLINT_LINUX_MODULE_H
#define MODULE_INIT_IGNORE_MODVERSIONS 1
#define MODULE_INIT_IGNORE_VERMAGIC 2
#define MODULE_INIT_COMPRESSED_FILE 4
#endif
