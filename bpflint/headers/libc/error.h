/* GNU <error.h>. */
void error(int status, int number, const char *fmt, ...);
