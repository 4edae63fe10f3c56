// runtime, of the standard library.
package runtime

func GOMAXPROCS(n int) int
func KeepAlive(x any)
func NumCPU() int
