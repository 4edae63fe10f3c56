// structs, of the standard library.
package structs

type HostLayout struct{}
