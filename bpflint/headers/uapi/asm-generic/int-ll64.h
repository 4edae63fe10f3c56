/* Interface of <asm-generic/int-ll64.h>. */
#include <asm/types.h>
