/* ISO C and POSIX <stdio.h>. */
#ifndef BPFLINT_STDIO_H
#define BPFLINT_STDIO_H
#include <stddef.h>
#include <stdarg.h>
#include <sys/types.h>
typedef struct BPFLINT_FILE FILE;
extern FILE *stdin, *stdout, *stderr;
#define stdin stdin
#define stdout stdout
#define stderr stderr
#define EOF (-1)
#define BUFSIZ 8192
#ifndef SEEK_SET
#define SEEK_SET 0
#define SEEK_CUR 1
#define SEEK_END 2
#endif
#define _IOFBF 0
#define _IOLBF 1
#define _IONBF 2
int printf(const char *fmt, ...);
int fprintf(FILE *f, const char *fmt, ...);
int dprintf(int fd, const char *fmt, ...);
int sprintf(char *to, const char *fmt, ...);
int snprintf(char *to, __SIZE_TYPE__ n, const char *fmt, ...);
int asprintf(char **to, const char *fmt, ...);
int vprintf(const char *fmt, __builtin_va_list ap);
int vfprintf(FILE *f, const char *fmt, __builtin_va_list ap);
int vsnprintf(char *to, __SIZE_TYPE__ n, const char *fmt, __builtin_va_list ap);
int vasprintf(char **to, const char *fmt, __builtin_va_list ap);
int sscanf(const char *s, const char *fmt, ...);
int fscanf(FILE *f, const char *fmt, ...);
int scanf(const char *fmt, ...);
FILE *fopen(const char *path, const char *mode);
FILE *fdopen(int fd, const char *mode);
FILE *freopen(const char *path, const char *mode, FILE *f);
FILE *popen(const char *command, const char *mode);
int pclose(FILE *f);
int fclose(FILE *f);
int fflush(FILE *f);
int fileno(FILE *f);
__SIZE_TYPE__ fread(void *to, __SIZE_TYPE__ size, __SIZE_TYPE__ count, FILE *f);
__SIZE_TYPE__ fwrite(const void *from, __SIZE_TYPE__ size, __SIZE_TYPE__ count, FILE *f);
int fseek(FILE *f, long to, int whence);
long ftell(FILE *f);
void rewind(FILE *f);
int feof(FILE *f);
int ferror(FILE *f);
int fgetc(FILE *f);
int getc(FILE *f);
int getchar(void);
char *fgets(char *to, int n, FILE *f);
int fputs(const char *s, FILE *f);
int fputc(int c, FILE *f);
int putc(int c, FILE *f);
int putchar(int c);
int puts(const char *s);
void perror(const char *s);
int remove(const char *path);
int rename(const char *from, const char *to);
int setvbuf(FILE *f, char *buffer, int mode, __SIZE_TYPE__ n);
void setbuf(FILE *f, char *buffer);
void setlinebuf(FILE *f);
ssize_t getline(char **line, __SIZE_TYPE__ *n, FILE *f);
ssize_t getdelim(char **line, __SIZE_TYPE__ *n, int by, FILE *f);
FILE *open_memstream(char **at, __SIZE_TYPE__ *n);
FILE *fmemopen(void *at, __SIZE_TYPE__ n, const char *mode);
#endif
