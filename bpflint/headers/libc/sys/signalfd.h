/* Linux <sys/signalfd.h>. */
#ifndef BPFLINT_SYS_SIGNALFD_H
#define BPFLINT_SYS_SIGNALFD_H
#include <signal.h>
#define SFD_CLOEXEC 02000000
#define SFD_NONBLOCK 04000
struct signalfd_siginfo { uint32_t ssi_signo; int32_t ssi_errno, ssi_code; uint32_t ssi_pid, ssi_uid; char rest[108]; };
int signalfd(int fd, const sigset_t *mask, int flags);
#endif
