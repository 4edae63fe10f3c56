package tracer

import (
	"context"
	"errors"
	"io"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/link"
	"github.com/cilium/ebpf/ringbuf"
)

// All of it, through a helper and a list.
type enricher struct {
	first  *ebpf.Collection
	second *ebpf.Collection
	links  map[string]link.Link
}

func (e *enricher) start(spec, other *ebpf.CollectionSpec) (err error) {
	e.first, err = ebpf.NewCollection(spec)
	if err != nil {
		return err
	}
	e.second, err = ebpf.NewCollection(other)
	if err != nil {
		e.first.Close()
		return err
	}
	l, err := link.Kprobe("tcp_connect", e.first.Programs["connect"], nil)
	if err != nil {
		return err
	}
	e.links["connect"] = l
	return nil
}

func (e *enricher) collections() {
	for _, item := range []*ebpf.Collection{e.first, e.second} {
		item.Close()
	}
}

func (e *enricher) Close() error {
	var errs []error
	for _, l := range e.links {
		errs = append(errs, l.Close())
	}
	e.collections()
	return errors.Join(errs...)
}

// Maps that somebody else opened are borrowed, and so are those of a collection.
type reader struct {
	given  *ebpf.Map
	counts *ebpf.Map
	coll   *ebpf.Collection
	events *ringbuf.Reader
}

func newReader(given *ebpf.Map, spec *ebpf.CollectionSpec) (*reader, error) {
	coll, err := ebpf.NewCollection(spec)
	if err != nil {
		return nil, err
	}
	events, err := ringbuf.NewReader(coll.Maps["events"])
	if err != nil {
		coll.Close()
		return nil, err
	}
	return &reader{given: given, counts: coll.Maps["counts"], coll: coll, events: events}, nil
}

func (r *reader) Close() {
	r.events.Close()
	r.coll.Close()
}

// What runs closes the reader when its context ends.
type runner struct {
	events *ringbuf.Reader
	link   link.Link
}

func (r *runner) Run(ctx context.Context, events *ebpf.Map, prog *ebpf.Program) (err error) {
	if r.events, err = ringbuf.NewReader(events); err != nil {
		return err
	}
	if r.link, err = link.Kprobe("tcp_connect", prog, nil); err != nil {
		return err
	}
	go r.wait(ctx)
	return nil
}

func (r *runner) wait(ctx context.Context) {
	<-ctx.Done()
	r.events.Close()
}

func (r *runner) Stop() error { return r.link.Close() }

// Given away as a whole.
type module struct {
	objs  *ebpf.Collection
	links []io.Closer
}

var registry []*module

func release(items ...interface{}) {}

func (m *module) load(spec *ebpf.CollectionSpec, prog *ebpf.Program) error {
	objs, err := ebpf.NewCollection(spec)
	if err != nil {
		return err
	}
	m.objs = objs
	return nil
}

func (m *module) Close() {
	registry = append(registry, m)
}

// A Close that an interface asks for, of a type that opens nothing.
type noop struct{ given *ebpf.Map }

func (n *noop) Close() {}

// A list of functions closes it; the field had another name where it went in.
type capturer struct {
	objs    *ebpf.Collection
	events  *ringbuf.Reader
	closers []func()
}

func (c *capturer) prepare(spec *ebpf.CollectionSpec) (err error) {
	c.objs, err = ebpf.NewCollection(spec)
	if err != nil {
		return err
	}
	objs := c.objs
	c.closers = append(c.closers, objs.Close)
	c.events, err = ringbuf.NewReader(objs.Maps["events"])
	return err
}

func (c *capturer) Stop() {
	c.events.Close()
	for _, closer := range c.closers {
		closer()
	}
}

// echo keeps its ring twice: by name for the reader, and in the list of all that Close goes through.
type echo struct {
	ring *ebpf.Map
	maps []*ebpf.Map
	prog *ebpf.Program
}

func newEcho(spec *ebpf.MapSpec, inner []*ebpf.Map) (*echo, error) {
	ring, err := ebpf.NewMap(spec)
	if err != nil {
		return nil, err
	}
	return &echo{ring: ring, maps: append([]*ebpf.Map{ring}, inner...)}, nil
}

func newPlainEcho(spec *ebpf.MapSpec) (*echo, error) {
	ring, err := ebpf.NewMap(spec)
	if err != nil {
		return nil, err
	}
	return &echo{ring: ring, maps: []*ebpf.Map{ring}}, nil
}

func (e *echo) Close() {
	e.prog.Close()
	for _, item := range e.maps {
		item.Close()
	}
}
