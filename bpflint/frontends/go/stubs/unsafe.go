// unsafe: what the language does not build in.
package unsafe

func StringData(str string) *byte
func String(ptr *byte, len int) string
