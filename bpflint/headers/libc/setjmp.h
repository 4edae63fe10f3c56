/* ISO C <setjmp.h>. */
#ifndef BPFLINT_SETJMP_H
#define BPFLINT_SETJMP_H
typedef struct { unsigned long regs[25]; } jmp_buf[1];
int setjmp(jmp_buf at);
void longjmp(jmp_buf at, int value) __attribute__((noreturn));
#endif
