/* GNU <sys/cdefs.h>, in part. */
#ifndef BPFLINT_SYS_CDEFS_H
#define BPFLINT_SYS_CDEFS_H
#define __BEGIN_DECLS
#define __END_DECLS
#define __THROW
#define __nonnull(args)
#endif
