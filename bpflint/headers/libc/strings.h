/* POSIX <strings.h>. */
#ifndef BPFLINT_STRINGS_H
#define BPFLINT_STRINGS_H
#include <string.h>
void bzero(void *to, __SIZE_TYPE__ n);
int ffs(int value);
#endif
