/* POSIX <sys/stat.h>. */
#ifndef BPFLINT_SYS_STAT_H
#define BPFLINT_SYS_STAT_H
#include <sys/types.h>
#include <linux/stat.h>
#ifndef __bpf__
struct stat { dev_t st_dev; ino_t st_ino; nlink_t st_nlink; mode_t st_mode; uid_t st_uid; gid_t st_gid; int __pad; dev_t st_rdev; off_t st_size;
	blksize_t st_blksize; blkcnt_t st_blocks; struct timespec st_atim, st_mtim, st_ctim; long __rest[3]; };
int stat(const char *path, struct stat *out);
int lstat(const char *path, struct stat *out);
int fstat(int fd, struct stat *out);
int mkdir(const char *path, mode_t mode);
int chmod(const char *path, mode_t mode);
mode_t umask(mode_t mask);
#endif
#endif
