/* GNU <malloc.h>. */
#include <stdlib.h>
