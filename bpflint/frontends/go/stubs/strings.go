// strings, of the standard library.
package strings

type (
	Builder opaque // a struct that holds a pointer
	Reader  opaque // a struct that holds a pointer
)

func Contains(s, substr string) bool
func Count(s, substr string) int
func Cut(s, sep string) (before, after string, found bool)
func EqualFold(s, t string) bool
func Fields(s string) []string
func HasPrefix(s, prefix string) bool
func HasSuffix(s, suffix string) bool
func Index(s, substr string) int
func IndexByte(s string, c byte) int
func Join(elems []string, sep string) string
func LastIndex(s, substr string) int
func NewReader(s string) *Reader
func Repeat(s string, count int) string
func Replace(s, old, new string, n int) string
func ReplaceAll(s, old, new string) string
func Split(s, sep string) []string
func SplitN(s, sep string, n int) []string
func ToLower(s string) string
func ToUpper(s string) string
func Trim(s, cutset string) string
func TrimLeft(s, cutset string) string
func TrimPrefix(s, prefix string) string
func TrimRight(s, cutset string) string
func TrimSpace(s string) string
func TrimSuffix(s, suffix string) string
func (*Builder) Len() int
func (*Builder) String() string
func (*Builder) WriteByte(c byte) error
func (*Builder) WriteString(s string) (int, error)
