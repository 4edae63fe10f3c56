/* ISO C <locale.h>. */
#define LC_ALL 6
#define LC_NUMERIC 1
char *setlocale(int category, const char *name);
