/* GNU <argp.h>. */
#ifndef BPFLINT_ARGP_H
#define BPFLINT_ARGP_H
#include <stdio.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <getopt.h>
#include <limits.h>
typedef int error_t;
struct argp_state;
struct argp_option { const char *name; int key; const char *arg; int flags; const char *doc; int group; };
typedef error_t (*argp_parser_t)(int key, char *arg, struct argp_state *state);
struct argp_child;
struct argp { const struct argp_option *options; argp_parser_t parser; const char *args_doc, *doc; const struct argp_child *children;
	char *(*help_filter)(int key, const char *text, void *input); const char *argp_domain; };
struct argp_state { const struct argp *root_argp; int argc; char **argv; int next; unsigned flags, arg_num; int quoted; void *input;
	void **child_inputs; void *hook; char *name; FILE *err_stream, *out_stream; void *pstate; };
#define OPTION_ARG_OPTIONAL 1
#define OPTION_HIDDEN 2
#define OPTION_ALIAS 4
#define ARGP_KEY_ARG 0
#define ARGP_KEY_END 0x1000001
#define ARGP_KEY_NO_ARGS 0x1000002
#define ARGP_KEY_INIT 0x1000003
#define ARGP_KEY_FINI 0x1000007
#define ARGP_ERR_UNKNOWN E2BIG
#define ARGP_HELP_STD_HELP 0x26a
#define ARGP_HELP_STD_ERR 0x104
extern const char *argp_program_version, *argp_program_bug_address;
error_t argp_parse(const struct argp *argp, int argc, char **argv, unsigned flags, int *index, void *input);
void argp_usage(const struct argp_state *state);
void argp_state_help(const struct argp_state *state, FILE *to, unsigned flags);
void argp_error(const struct argp_state *state, const char *fmt, ...);
void argp_failure(const struct argp_state *state, int status, int number, const char *fmt, ...);
#endif
