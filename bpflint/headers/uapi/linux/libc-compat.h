/* <linux/libc-compat.h>: nothing here; our libc headers take their types from <linux/...>. */
