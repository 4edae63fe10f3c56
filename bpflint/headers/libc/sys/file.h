/* BSD <sys/file.h>. */
#ifndef BPFLINT_SYS_FILE_H
#define BPFLINT_SYS_FILE_H
#include <fcntl.h>
int flock(int fd, int how);
#endif
