// io, of the standard library.
package io

type (
	Reader     opaque // an interface
	ReaderAt   opaque // an interface
	ReadCloser opaque // an interface
	Writer     opaque // an interface
	WriterTo   opaque // an interface
	Closer     opaque // an interface
)

const (
	SeekStart   = 0
	SeekCurrent = 1
	SeekEnd     = 2
)

var EOF, ErrUnexpectedEOF, ErrClosedPipe, ErrShortBuffer error

func Copy(dst Writer, src Reader) (int64, error)
func ReadAll(r Reader) ([]byte, error)
func ReadFull(r Reader, buf []byte) (int, error)
func (Closer) Close() error
func (ReadCloser) Close() error
func (ReadCloser) Read(p []byte) (int, error)
func (Reader) Read(p []byte) (int, error)
func (ReaderAt) ReadAt(p []byte, off int64) (int, error)
func (Writer) Write(p []byte) (int, error)
