/* Interface of <asm/socket.h>: names, numbers and members, generated from Linux 6.1. */
#ifndef BPFLINT_ASM_SOCKET_H
#define BPFLINT_ASM_SOCKET_H
#include <asm-generic/socket.h>
#endif
