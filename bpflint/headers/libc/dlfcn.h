/* POSIX <dlfcn.h>. */
void *dlopen(const char *path, int flags);
void *dlsym(void *lib, const char *name);
int dlclose(void *lib);
#define RTLD_LAZY 1
#define RTLD_NOW 2
