/* BSD <memory.h>. */
#include <string.h>
