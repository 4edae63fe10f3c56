/* The socket types of <sys/socket.h>. */
#include <sys/socket.h>
