// fmt, of the standard library.
package fmt

import "io"

type Stringer opaque // an interface

func Errorf(format string, a ...any) error
func Fprint(w io.Writer, a ...any) (int, error)
func Fprintf(w io.Writer, format string, a ...any) (int, error)
func Fprintln(w io.Writer, a ...any) (int, error)
func Print(a ...any) (int, error)
func Printf(format string, a ...any) (int, error)
func Println(a ...any) (int, error)
func Sprint(a ...any) string
func Sprintf(format string, a ...any) string
func Sprintln(a ...any) string
func Sscanf(str, format string, a ...any) (int, error)
