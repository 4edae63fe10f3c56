/* Interface of <asm-generic/types.h>. */
#include <asm/types.h>
