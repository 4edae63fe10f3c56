/* ISO C <stdnoreturn.h>. */
#ifndef BPFLINT_STDNORETURN_H
#define BPFLINT_STDNORETURN_H
#define noreturn _Noreturn
#endif
