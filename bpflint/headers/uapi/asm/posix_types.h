/* Interface of <asm/posix_types.h>: the machine differences are in <linux/posix_types.h>. */
#include <linux/posix_types.h>
