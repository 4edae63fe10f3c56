/* ISO C <math.h>, in part. */
#ifndef BPFLINT_MATH_H
#define BPFLINT_MATH_H
double sqrt(double x); double pow(double x, double y); double log(double x); double log2(double x); double log10(double x);
double exp(double x); double floor(double x); double ceil(double x); double round(double x); double fabs(double x);
#define INFINITY __builtin_inff()
#define NAN __builtin_nanf("")
#endif
