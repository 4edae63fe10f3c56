/* <linux/string.h> for programs: the memory functions the compiler expands. */
#ifndef BPFLINT_LINUX_STRING_H
#define BPFLINT_LINUX_STRING_H
#include <string.h>
#endif
