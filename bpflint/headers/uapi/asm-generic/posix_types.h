/* Interface of <asm-generic/posix_types.h>. */
#include <asm/posix_types.h>
