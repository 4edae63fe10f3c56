package reader

import (
	"bytes"
	"encoding/binary"
	"sync"

	"github.com/cilium/ebpf/ringbuf"
)

type event struct {
	pid  uint32
	name string
	data []byte
}

type reader struct {
	rd      *ringbuf.Reader
	pool    *sync.Pool
	pooled  sync.Pool
	events  chan event
	raw     chan []byte
	scratch []byte
}

// Copies: of bytes, of a number, of a string, of a struct.
func (r *reader) copies(rec ringbuf.Record) []byte {
	buf := r.pool.Get().([]byte)
	defer r.pool.Put(buf)
	n := copy(buf, rec.RawSample)
	r.raw <- bytes.Clone(buf[:n])
	r.events <- event{pid: binary.NativeEndian.Uint32(buf), name: string(buf[4:20]), data: append([]byte(nil), buf...)}
	out := make([]byte, n)
	copy(out, buf)
	return out
}

func (r *reader) byValue() event {
	e := r.pooled.Get().(*event)
	defer r.pooled.Put(e)
	e.pid = 1
	return *e
}

// Put back only where nobody gets it.
func (r *reader) handedOver() error {
	for {
		buf := r.pool.Get().([]byte)
		if _, err := r.rd.Read(); err != nil {
			r.pool.Put(buf)
			return err
		}
		if len(buf) == 0 {
			r.pool.Put(buf)
			continue
		}
		r.raw <- buf
	}
}

// The caller puts it back, or says when.
func (r *reader) lent() ([]byte, func()) {
	buf := r.pool.Get().([]byte)
	return buf, func() { r.pool.Put(buf) }
}

func (r *reader) unlessFailed(rec ringbuf.Record) (buf []byte, err error) {
	got := r.pool.Get().([]byte)
	defer func() {
		if err != nil {
			r.pool.Put(got)
		}
	}()
	if len(rec.RawSample) > len(got) {
		return nil, ringbuf.ErrClosed
	}
	return got, nil
}

// Another buffer takes its place before it goes out.
func (r *reader) replaced(rec ringbuf.Record) []byte {
	buf := r.pool.Get().([]byte)
	if len(rec.RawSample) > cap(buf) {
		r.pool.Put(buf)
		buf = make([]byte, len(rec.RawSample))
	}
	copy(buf, rec.RawSample)
	return buf
}

// Whoever reads it is done before it goes back.
func (r *reader) together(rec ringbuf.Record) {
	var wg sync.WaitGroup
	buf := r.pool.Get().([]byte)
	defer r.pool.Put(buf)
	n := copy(buf, rec.RawSample)
	wg.Add(1)
	go func() {
		defer wg.Done()
		decode(buf[:n])
	}()
	wg.Wait()
}

func (r *reader) forAWhile() {
	buf := r.pool.Get().([]byte)
	r.scratch = buf
	r.fill()
	r.scratch = nil
	r.pool.Put(buf)
}

func (r *reader) fill() { decode(r.scratch) }

// The buffer's own fields are the buffer's.
func (r *reader) within() {
	e := r.pooled.Get().(*event)
	e.data = e.data[:0]
	r.pooled.Put(e)
}

func decode([]byte) {}
