// github.com/cilium/ebpf/perf.
package perf

import (
	"time"

	"github.com/cilium/ebpf"
)

type Reader opaque // a struct that holds a pointer

type ReaderOptions struct {
	WakeupEvents, Watermark int
	Overwritable            bool
}

type Record struct {
	CPU         int
	RawSample   []byte
	LostSamples uint64
	Remaining   int
}

func IsUnknownEvent(err error) bool
func NewReader(array *ebpf.Map, perCPUBuffer int) (*Reader, error)
func NewReaderWithOptions(array *ebpf.Map, perCPUBuffer int, opts ReaderOptions) (*Reader, error)
func (*Reader) BufferSize() int
func (*Reader) Close() error
func (*Reader) Flush() error
func (*Reader) Pause() error
func (*Reader) Read() (Record, error)
func (*Reader) ReadInto(rec *Record) error
func (*Reader) Resume() error
func (*Reader) SetDeadline(t time.Time)
