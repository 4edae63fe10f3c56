/* As <linux/compiler.h>. */
#include <linux/compiler.h>
