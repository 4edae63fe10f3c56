/* <linux/version.h>: KERNEL_VERSION, and the release of the headers beside this file. */
#ifndef BPFLINT_LINUX_VERSION_H
#define BPFLINT_LINUX_VERSION_H
#ifndef KERNEL_VERSION
#define KERNEL_VERSION(a, b, c) (((a) << 16) + ((b) << 8) + ((c) > 255 ? 255 : (c)))
#endif
#ifndef LINUX_VERSION_CODE
#define LINUX_VERSION_CODE KERNEL_VERSION(6, 12, 0)
#define LINUX_VERSION_MAJOR 6
#define LINUX_VERSION_PATCHLEVEL 12
#define LINUX_VERSION_SUBLEVEL 0
#endif
#endif
