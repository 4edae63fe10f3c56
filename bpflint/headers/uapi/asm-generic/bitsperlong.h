/* Interface of <asm-generic/bitsperlong.h>. */
#include <asm/bitsperlong.h>
