/* ISO C <ctype.h>. */
#ifndef BPFLINT_CTYPE_H
#define BPFLINT_CTYPE_H
int isalnum(int c); int isalpha(int c); int isdigit(int c); int isxdigit(int c); int isspace(int c);
int isprint(int c); int isupper(int c); int islower(int c); int ispunct(int c); int iscntrl(int c);
int tolower(int c); int toupper(int c);
#endif
