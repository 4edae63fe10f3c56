package reader

import (
	"bytes"
	"sync"
	"unsafe"

	"github.com/cilium/ebpf/ringbuf"
)

type event struct {
	data []byte
}

type reader struct {
	rd     *ringbuf.Reader
	pool   *sync.Pool
	events chan event
	raw    chan []byte
	last   []byte
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// The channel's other side reads what the next turn writes.
func (r *reader) run() error {
	for {
		rec, err := r.rd.Read()
		if err != nil {
			return err
		}
		buf := r.pool.Get().([]byte)
		n := copy(buf, rec.RawSample)
		r.raw <- buf[:n] // want BPF312 "memory of `buf` is sent to a channel, but line 35 puts it back"
		r.pool.Put(buf)
	}
}

// A view of another type is a view.
func (r *reader) words(rec ringbuf.Record) []uint32 {
	buf := r.pool.Get().([]byte)
	defer r.pool.Put(buf)
	copy(buf, rec.RawSample)
	view := unsafe.Slice((*uint32)(unsafe.Pointer(&buf[0])), len(buf)/4)
	return view // want BPF312 "memory of `buf` is returned, but line 42 puts it back"
}

// Inside a struct, in a field, and in a goroutine.
func (r *reader) keep(rec ringbuf.Record) {
	bp := r.pool.Get().(*[]byte)
	defer func() {
		r.pool.Put(bp)
	}()
	data := append((*bp)[:0], rec.RawSample...)
	r.events <- event{data: data} // want BPF312 "memory of `bp` is sent to a channel"
	r.last = data                 // want BPF312 "memory of `bp` is stored beyond the call"
	go func() { // want BPF312 "memory of `bp` goes to a goroutine"
		decode(data)
	}()
}

func text(rec ringbuf.Record) []byte {
	b := buffers.Get().(*bytes.Buffer)
	b.Write(rec.RawSample)
	out := b.Bytes()
	buffers.Put(b)
	return out // want BPF312 "memory of `b` is returned"
}

func decode([]byte) {}
