// os, of the standard library.
package os

type (
	File     opaque // a struct that holds a pointer
	FileInfo opaque // an interface
	Signal   opaque // an interface
	Process  opaque // a struct that holds a pointer
	FileMode uint32
)

const (
	O_RDONLY = 0
	O_WRONLY = 1
	O_RDWR   = 2
)

var (
	Args                                                       []string
	Stdin, Stdout, Stderr                                      *File
	ErrNotExist, ErrExist, ErrPermission, ErrDeadlineExceeded, ErrClosed error
)

func Create(name string) (*File, error)
func Exit(code int)
func Getenv(key string) string
func Getpagesize() int
func Getpid() int
func Getuid() int
func Hostname() (string, error)
func IsExist(err error) bool
func IsNotExist(err error) bool
func LookupEnv(key string) (string, bool)
func Mkdir(name string, perm FileMode) error
func MkdirAll(path string, perm FileMode) error
func NewFile(fd uintptr, name string) *File
func Open(name string) (*File, error)
func OpenFile(name string, flag int, perm FileMode) (*File, error)
func ReadFile(name string) ([]byte, error)
func Readlink(name string) (string, error)
func Remove(name string) error
func RemoveAll(path string) error
func Stat(name string) (FileInfo, error)
func WriteFile(name string, data []byte, perm FileMode) error
func (*File) Close() error
func (*File) Fd() uintptr
func (*File) Name() string
func (*File) Read(b []byte) (int, error)
func (*File) ReadAt(b []byte, off int64) (int, error)
func (*File) Write(b []byte) (int, error)
