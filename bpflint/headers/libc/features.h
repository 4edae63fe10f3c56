/* GNU <features.h>. */
#ifndef BPFLINT_FEATURES_H
#define BPFLINT_FEATURES_H
#define __GNU_LIBRARY__ 6
#define __GLIBC__ 2
#define __GLIBC_MINOR__ 36
#define __GLIBC_PREREQ(a, b) ((a) < 2 || ((a) == 2 && (b) <= 36))
#include <sys/cdefs.h>
#endif
