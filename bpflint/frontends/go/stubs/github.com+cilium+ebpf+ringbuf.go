// github.com/cilium/ebpf/ringbuf.
package ringbuf

import (
	"time"

	"github.com/cilium/ebpf"
)

type (
	Reader    opaque // a struct that holds a pointer
	RawReader opaque // a struct that holds a pointer
	Lease     opaque // a struct that holds a pointer
)

type Record struct {
	RawSample []byte
	Remaining int
}

func NewRawReader(m *ebpf.Map) (*RawReader, error)
func NewReader(m *ebpf.Map) (*Reader, error)
func (*Lease) Commit()
func (*Lease) ReadSample() (data []byte, remain int, err error)
func (*RawReader) Close() error
func (*Reader) AvailableBytes() int
func (*Reader) BufferSize() int
func (*Reader) Close() error
func (*Reader) Flush() error
func (*Reader) Read() (Record, error)
func (*Reader) ReadInto(rec *Record) error
func (*Reader) SetDeadline(t time.Time)
