/* The types of <sys/types.h>. */
#include <sys/types.h>
