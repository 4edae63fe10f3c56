/* POSIX <syslog.h>. */
#define LOG_ERR 3
#define LOG_WARNING 4
#define LOG_INFO 6
#define LOG_DEBUG 7
#define LOG_PID 1
#define LOG_DAEMON 24
void openlog(const char *name, int option, int facility);
void syslog(int priority, const char *fmt, ...);
void closelog(void);
