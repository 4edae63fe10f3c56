/* ISO C and POSIX <string.h>. */
#ifndef BPFLINT_STRING_H
#define BPFLINT_STRING_H
#include <stddef.h>
void *memcpy(void *to, const void *from, __SIZE_TYPE__ n);
void *memmove(void *to, const void *from, __SIZE_TYPE__ n);
void *memset(void *to, int byte, __SIZE_TYPE__ n);
int memcmp(const void *a, const void *b, __SIZE_TYPE__ n);
void *memchr(const void *in, int byte, __SIZE_TYPE__ n);
__SIZE_TYPE__ strlen(const char *s);
__SIZE_TYPE__ strnlen(const char *s, __SIZE_TYPE__ n);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, __SIZE_TYPE__ n);
int strcasecmp(const char *a, const char *b);
int strncasecmp(const char *a, const char *b, __SIZE_TYPE__ n);
char *strcpy(char *to, const char *from);
char *strncpy(char *to, const char *from, __SIZE_TYPE__ n);
char *strcat(char *to, const char *from);
char *strncat(char *to, const char *from, __SIZE_TYPE__ n);
char *strchr(const char *s, int c);
char *strrchr(const char *s, int c);
char *strstr(const char *s, const char *part);
char *strdup(const char *s);
char *strndup(const char *s, __SIZE_TYPE__ n);
char *strtok(char *s, const char *by);
char *strtok_r(char *s, const char *by, char **state);
char *strsep(char **s, const char *by);
char *strerror(int number);
__SIZE_TYPE__ strspn(const char *s, const char *in);
__SIZE_TYPE__ strcspn(const char *s, const char *in);
__SIZE_TYPE__ strlcpy(char *to, const char *from, __SIZE_TYPE__ n);
#ifndef __bpf__
char *basename(const char *path);
char *strsignal(int sig);
#endif
#endif
