/* Interface of <asm/bitsperlong.h>. */
#ifndef BPFLINT_ASM_BITSPERLONG_H
#define BPFLINT_ASM_BITSPERLONG_H
#ifndef __BITS_PER_LONG
#define __BITS_PER_LONG (__SIZEOF_LONG__ * 8)
#endif
#endif
