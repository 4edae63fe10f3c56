/* POSIX <unistd.h>. */
#ifndef BPFLINT_UNISTD_H
#define BPFLINT_UNISTD_H
#include <sys/types.h>
#define STDIN_FILENO 0
#define STDOUT_FILENO 1
#define STDERR_FILENO 2
#define R_OK 4
#define W_OK 2
#define X_OK 1
#define F_OK 0
#ifndef SEEK_SET
#define SEEK_SET 0
#define SEEK_CUR 1
#define SEEK_END 2
#endif
#define _SC_CLK_TCK 2
#define _SC_PAGESIZE 30
#define _SC_PAGE_SIZE 30
#define _SC_NPROCESSORS_CONF 83
#define _SC_NPROCESSORS_ONLN 84
extern char *optarg, **environ;
extern int optind, opterr, optopt;
#ifndef __bpf__
ssize_t read(int fd, void *to, __SIZE_TYPE__ n);
ssize_t write(int fd, const void *from, __SIZE_TYPE__ n);
ssize_t pread(int fd, void *to, __SIZE_TYPE__ n, off_t at);
ssize_t pwrite(int fd, const void *from, __SIZE_TYPE__ n, off_t at);
int close(int fd);
off_t lseek(int fd, off_t to, int whence);
int pipe(int fds[2]);
int dup(int fd);
int dup2(int from, int to);
pid_t fork(void);
pid_t getpid(void);
pid_t getppid(void);
pid_t gettid(void);
uid_t getuid(void);
uid_t geteuid(void);
gid_t getgid(void);
int setuid(uid_t uid);
int setgid(gid_t gid);
int execv(const char *path, char *const args[]);
int execvp(const char *file, char *const args[]);
int execl(const char *path, const char *arg, ...);
int execlp(const char *file, const char *arg, ...);
unsigned int sleep(unsigned int seconds);
int usleep(useconds_t us);
unsigned int alarm(unsigned int seconds);
int pause(void);
int access(const char *path, int mode);
int unlink(const char *path);
int rmdir(const char *path);
int chdir(const char *path);
char *getcwd(char *to, __SIZE_TYPE__ n);
ssize_t readlink(const char *path, char *to, __SIZE_TYPE__ n);
int symlink(const char *to, const char *path);
int isatty(int fd);
long sysconf(int name);
int getpagesize(void);
int gethostname(char *to, __SIZE_TYPE__ n);
int getopt(int count, char *const args[], const char *options);
long syscall(long number, ...);
int ftruncate(int fd, off_t n);
int fsync(int fd);
int daemon(int nochdir, int noclose);
void _exit(int status) __attribute__((noreturn));
#endif
#endif
