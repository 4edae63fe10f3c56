/* The address family type of <sys/socket.h>. */
#include <sys/socket.h>
