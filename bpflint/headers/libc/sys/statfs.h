/* Linux <sys/statfs.h>. */
#include <sys/vfs.h>
