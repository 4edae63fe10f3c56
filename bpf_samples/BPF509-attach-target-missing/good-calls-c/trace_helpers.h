#ifndef TRACE_HELPERS_H
#define TRACE_HELPERS_H
#include <stdbool.h>

bool tracepoint_exists(const char *category, const char *event);

#endif
