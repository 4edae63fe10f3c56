/* Linux <sys/mount.h>. */
#ifndef BPFLINT_SYS_MOUNT_H
#define BPFLINT_SYS_MOUNT_H
int mount(const char *from, const char *to, const char *type, unsigned long flags, const void *data);
int umount(const char *at);
int umount2(const char *at, int flags);
#endif
