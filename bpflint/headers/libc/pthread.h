/* POSIX <pthread.h>: sizes as the GNU library has them on x86_64; opaque elsewhere. */
#ifndef BPFLINT_PTHREAD_H
#define BPFLINT_PTHREAD_H
#include <sys/types.h>
#include <sched.h>
#include <time.h>
typedef unsigned long pthread_t;
#if defined(__aarch64__)
typedef union { char __size[64]; long __align; } pthread_attr_t;
typedef union { char __size[48]; long __align; } pthread_mutex_t;
#elif __SIZEOF_POINTER__ == 8
typedef union { char __size[56]; long __align; } pthread_attr_t;
typedef union { char __size[40]; long __align; } pthread_mutex_t;
#else
typedef union { char __size[36]; long __align; } pthread_attr_t;
typedef union { char __size[24]; long __align; } pthread_mutex_t;
#endif
typedef union { char __size[48]; long long __align; } pthread_cond_t;
typedef union { char __size[__SIZEOF_POINTER__ == 8 ? 56 : 32]; long __align; } pthread_rwlock_t;
typedef union { char __size[4]; int __align; } pthread_mutexattr_t, pthread_condattr_t;
typedef volatile int pthread_spinlock_t;
typedef unsigned int pthread_key_t;
typedef int pthread_once_t;
#define PTHREAD_MUTEX_INITIALIZER { { 0 } }
#define PTHREAD_COND_INITIALIZER { { 0 } }
int pthread_create(pthread_t *out, const pthread_attr_t *attr, void *(*run)(void *), void *arg);
int pthread_join(pthread_t thread, void **result);
int pthread_detach(pthread_t thread);
int pthread_cancel(pthread_t thread);
int pthread_kill(pthread_t thread, int number);
pthread_t pthread_self(void);
int pthread_mutex_init(pthread_mutex_t *m, const pthread_mutexattr_t *attr);
int pthread_mutex_lock(pthread_mutex_t *m);
int pthread_mutex_trylock(pthread_mutex_t *m);
int pthread_mutex_unlock(pthread_mutex_t *m);
int pthread_mutex_destroy(pthread_mutex_t *m);
int pthread_cond_init(pthread_cond_t *c, const pthread_condattr_t *attr);
int pthread_cond_wait(pthread_cond_t *c, pthread_mutex_t *m);
int pthread_cond_signal(pthread_cond_t *c);
int pthread_cond_broadcast(pthread_cond_t *c);
int pthread_spin_init(pthread_spinlock_t *l, int shared);
int pthread_spin_lock(pthread_spinlock_t *l);
int pthread_spin_unlock(pthread_spinlock_t *l);
#endif
