/* ISO C <assert.h>. */
#undef assert
#define assert(x) ((void)(x))
#ifndef static_assert
#define static_assert _Static_assert
#endif
