/* POSIX <dirent.h>. */
#ifndef BPFLINT_DIRENT_H
#define BPFLINT_DIRENT_H
#include <sys/types.h>
typedef struct BPFLINT_DIR DIR;
struct dirent { ino_t d_ino; off_t d_off; unsigned short d_reclen; unsigned char d_type; char d_name[256]; };
DIR *opendir(const char *path);
struct dirent *readdir(DIR *d);
int closedir(DIR *d);
#endif
