/* ISO C and POSIX <stdlib.h>. */
#ifndef BPFLINT_STDLIB_H
#define BPFLINT_STDLIB_H
#include <stddef.h>
#define EXIT_SUCCESS 0
#define EXIT_FAILURE 1
#define RAND_MAX 2147483647
typedef struct { int quot, rem; } div_t;
typedef struct { long quot, rem; } ldiv_t;
div_t div(int a, int b);
ldiv_t ldiv(long a, long b);
void *malloc(__SIZE_TYPE__ n);
void *calloc(__SIZE_TYPE__ count, __SIZE_TYPE__ n);
void *realloc(void *old, __SIZE_TYPE__ n);
void *reallocarray(void *old, __SIZE_TYPE__ count, __SIZE_TYPE__ n);
void *aligned_alloc(__SIZE_TYPE__ align, __SIZE_TYPE__ n);
int posix_memalign(void **out, __SIZE_TYPE__ align, __SIZE_TYPE__ n);
void free(void *p);
void exit(int status) __attribute__((noreturn));
void _Exit(int status) __attribute__((noreturn));
void abort(void) __attribute__((noreturn));
int atexit(void (*fn)(void));
int atoi(const char *s);
long atol(const char *s);
long long atoll(const char *s);
double atof(const char *s);
long strtol(const char *s, char **end, int base);
unsigned long strtoul(const char *s, char **end, int base);
long long strtoll(const char *s, char **end, int base);
unsigned long long strtoull(const char *s, char **end, int base);
double strtod(const char *s, char **end);
char *getenv(const char *name);
int setenv(const char *name, const char *value, int replace);
int system(const char *command);
int abs(int v);
long labs(long v);
int rand(void);
void srand(unsigned int seed);
long random(void);
void srandom(unsigned int seed);
void qsort(void *at, __SIZE_TYPE__ count, __SIZE_TYPE__ size, int (*compare)(const void *, const void *));
void *bsearch(const void *key, const void *at, __SIZE_TYPE__ count, __SIZE_TYPE__ size, int (*compare)(const void *, const void *));
char *realpath(const char *path, char *out);
int mkstemp(char *template_);
char *mkdtemp(char *template_);
#endif
