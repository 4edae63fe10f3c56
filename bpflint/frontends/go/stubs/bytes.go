// bytes, of the standard library.
package bytes

type (
	Buffer opaque // a struct that holds a pointer
	Reader opaque // a struct that holds a pointer
)

const MinRead = 512

func Clone(b []byte) []byte
func Compare(a, b []byte) int
func Contains(b, subslice []byte) bool
func Equal(a, b []byte) bool
func HasPrefix(s, prefix []byte) bool
func Index(s, sep []byte) int
func IndexByte(b []byte, c byte) int
func Join(s [][]byte, sep []byte) []byte
func NewBuffer(buf []byte) *Buffer
func NewBufferString(s string) *Buffer
func NewReader(b []byte) *Reader
func Split(s, sep []byte) [][]byte
func SplitN(s, sep []byte, n int) [][]byte
func Trim(s []byte, cutset string) []byte
func TrimRight(s []byte, cutset string) []byte
func TrimSpace(s []byte) []byte
func (*Buffer) Bytes() []byte
func (*Buffer) Grow(n int)
func (*Buffer) Len() int
func (*Buffer) Next(n int) []byte
func (*Buffer) Read(p []byte) (int, error)
func (*Buffer) ReadByte() (byte, error)
func (*Buffer) Reset()
func (*Buffer) String() string
func (*Buffer) Truncate(n int)
func (*Buffer) Write(p []byte) (int, error)
func (*Buffer) WriteByte(c byte) error
func (*Buffer) WriteString(s string) (int, error)
func (*Reader) Len() int
func (*Reader) Read(b []byte) (int, error)
func (*Reader) ReadAt(b []byte, off int64) (int, error)
func (*Reader) ReadByte() (byte, error)
func (*Reader) Reset(b []byte)
func (*Reader) Seek(offset int64, whence int) (int64, error)
func (*Reader) Size() int64
