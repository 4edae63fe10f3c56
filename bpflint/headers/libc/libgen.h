/* POSIX <libgen.h>. */
char *dirname(char *path);
