package probe

import (
	"context"
	"errors"
	"os"
	"syscall"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/link"
	"github.com/cilium/ebpf/ringbuf"
)

type tracer struct {
	objs    probeObjects
	enter   link.Link
	reader  *ringbuf.Reader
	links   []link.Link
	byName  map[string]link.Link
	closers []func() error
}

// Deferred.
func count(spec *ebpf.CollectionSpec) (uint64, error) {
	coll, err := ebpf.NewCollection(spec)
	if err != nil {
		return 0, err
	}
	defer coll.Close()
	var n uint64
	err = coll.Maps["counts"].Lookup(uint32(0), &n)
	return n, err
}

// Closed by a deferred function of its own, through a named result.
func load(spec *ebpf.CollectionSpec) (coll *ebpf.Collection, err error) {
	coll, err = ebpf.NewCollection(spec)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			coll.Close()
		}
	}()
	_, err = os.Stat("/sys/fs/bpf")
	return
}

// The cleanup stands before what it cleans.
func early(spec *ebpf.CollectionSpec) (err error) {
	var coll *ebpf.Collection
	defer func() {
		if coll != nil {
			coll.Close()
		}
	}()
	coll, err = ebpf.NewCollection(spec)
	if err != nil {
		return err
	}
	return nil
}

// Returned, by itself and inside another value.
func open() (*ebpf.Map, error) {
	m, err := ebpf.LoadPinnedMap("/sys/fs/bpf/counts", nil)
	if err != nil {
		return nil, err
	}
	return m, nil
}

func newTracer(m *ebpf.Map) (*tracer, error) {
	rd, err := ringbuf.NewReader(m)
	if err != nil {
		return nil, err
	}
	return &tracer{reader: rd}, nil
}

// Stored in a field, a slice, a map; handed to a closer, a callback, a channel.
func (t *tracer) attach(prog *ebpf.Program, out chan<- link.Link) error {
	l, err := link.Kprobe("tcp_connect", prog, nil)
	if err != nil {
		return err
	}
	t.links = append(t.links, l)
	m, err := link.Kprobe("tcp_close", prog, nil)
	if err != nil {
		return err
	}
	t.byName["close"] = m
	n, err := link.Kprobe("tcp_sendmsg", prog, nil)
	if err != nil {
		return err
	}
	t.closers = append(t.closers, n.Close)
	o, err := link.Kprobe("tcp_recvmsg", prog, nil)
	if err != nil {
		return err
	}
	out <- o
	return nil
}

func follow(ctx context.Context, m *ebpf.Map) error {
	rd, err := ringbuf.NewReader(m)
	if err != nil {
		return err
	}
	context.AfterFunc(ctx, func() { rd.Close() })
	for {
		if _, err := rd.Read(); err != nil {
			return err
		}
	}
}

// A goroutine took it over.
func background(m *ebpf.Map) error {
	rd, err := ringbuf.NewReader(m)
	if err != nil {
		return err
	}
	go func() {
		defer rd.Close()
		for {
			if _, err := rd.Read(); err != nil {
				return
			}
		}
	}()
	return nil
}

// A helper closes it.
func closeAll(items ...*ebpf.Map) {
	for _, item := range items {
		item.Close()
	}
}

func release(m *ebpf.Map) { m.Close() }

func sum() (uint64, error) {
	m, err := ebpf.LoadPinnedMap("/sys/fs/bpf/counts", nil)
	if err != nil {
		return 0, err
	}
	defer release(m)
	var n uint64
	return n, m.Lookup(uint32(0), &n)
}

// An error is all that the socket's own attaching gives.
func filter(conn syscall.Conn, prog *ebpf.Program) error {
	err := link.AttachSocketFilter(conn, prog)
	if err != nil {
		return err
	}
	return link.RawAttachProgram(link.RawAttachProgramOptions{Target: 3, Program: prog})
}

// Maps of a collection are borrowed; a pinned link lives on.
func pin(coll *ebpf.Collection) error {
	counts := coll.Maps["counts"]
	if counts == nil {
		return errors.New("no map")
	}
	l, err := link.AttachTracing(link.TracingOptions{Program: coll.Programs["enter"]})
	if err != nil {
		return err
	}
	return l.Pin("/sys/fs/bpf/link")
}

// The map is kept, the rest of the collection goes.
func only(spec *ebpf.CollectionSpec) (*ebpf.Map, error) {
	coll, err := ebpf.NewCollection(spec)
	if err != nil {
		return nil, err
	}
	return coll.DetachMap("counts"), nil
}

// Assigned, and closed with what it was assigned to.
func (t *tracer) start() error {
	if err := loadProbeObjects(&t.objs, nil); err != nil {
		return err
	}
	return nil
}

func once() error {
	objs := probeObjects{}
	err := loadProbeObjects(&objs, nil)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil
	case err != nil:
		return err
	}
	defer objs.Close()
	return nil
}

// The old one is closed before the field is written again.
func (t *tracer) replace(prog *ebpf.Program) error {
	var err error
	t.enter, err = link.Kprobe("vfs_read", prog, nil)
	if err != nil {
		return err
	}
	t.enter.Close()
	t.enter, err = link.Kprobe("vfs_write", prog, nil)
	return err
}

// One of two: the second is tried where the first failed.
func (t *tracer) either(prog *ebpf.Program) error {
	var err error
	t.enter, err = link.AttachTracing(link.TracingOptions{Program: prog})
	if err != nil {
		t.enter, err = link.Kprobe("vfs_read", prog, nil)
	}
	return err
}

// The same question twice has the same answer.
func (t *tracer) guarded(on bool, m *ebpf.Map) error {
	var rd *ringbuf.Reader
	var err error
	if on {
		rd, err = ringbuf.NewReader(m)
		if err != nil {
			return err
		}
	}
	_, err = os.Stat("/sys/fs/bpf")
	if on {
		rd.Close()
	}
	return err
}

type probeObjects struct {
	Enter  *ebpf.Program `ebpf:"enter"`
	Counts *ebpf.Map     `ebpf:"counts"`
}

func (o *probeObjects) Close() error {
	o.Enter.Close()
	return o.Counts.Close()
}

func loadProbeObjects(obj interface{}, opts *ebpf.CollectionOptions) error {
	spec, err := ebpf.LoadCollectionSpec("probe.bpf.o")
	if err != nil {
		return err
	}
	return spec.LoadAndAssign(obj, opts)
}

// Each member is closed by itself: nothing of the collection is left.
func members(spec *ebpf.CollectionSpec) (uint64, error) {
	coll, err := ebpf.NewCollection(spec)
	if err != nil {
		return 0, err
	}
	defer func() {
		for _, m := range coll.Maps {
			m.Close()
		}
		for _, p := range coll.Programs {
			_ = p.Close()
		}
	}()
	var n uint64
	err = coll.Maps["counts"].Lookup(uint32(0), &n)
	return n, err
}

func inLine(spec *ebpf.CollectionSpec) (uint64, error) {
	coll, err := ebpf.NewCollection(spec)
	if err != nil {
		return 0, err
	}
	var n uint64
	err = coll.Maps["counts"].Lookup(uint32(0), &n)
	for name := range coll.Maps {
		coll.Maps[name].Close()
	}
	for _, p := range coll.Programs {
		p.Close()
	}
	return n, err
}
