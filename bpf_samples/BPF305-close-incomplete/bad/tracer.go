package tracer

import (
	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/link"
	"github.com/cilium/ebpf/ringbuf"
)

// Close closes through a helper, and forgets the second collection.
type enricher struct {
	first  *ebpf.Collection
	second *ebpf.Collection
	links  []link.Link
}

func (e *enricher) start(spec, other *ebpf.CollectionSpec) (err error) {
	e.first, err = ebpf.NewCollection(spec)
	if err != nil {
		return err
	}
	e.second, err = ebpf.NewCollection(other)
	if err != nil {
		return err
	}
	l, err := link.Kprobe("tcp_connect", e.first.Programs["connect"], nil)
	if err != nil {
		return err
	}
	e.links = append(e.links, l)
	return nil
}

func (e *enricher) detach() {
	for _, l := range e.links {
		l.Close()
	}
	e.links = nil
}

func (e *enricher) Close() { // want BPF305 "`enricher.Close` closes `first`, `links` and leaves `second` open"
	e.detach()
	e.first.Close()
}

// The clean-up stands in a method that no interface asks for.
type gadget struct {
	coll   *ebpf.Collection
	reader *ringbuf.Reader
}

func newGadget(spec *ebpf.CollectionSpec) (*gadget, error) {
	coll, err := ebpf.NewCollection(spec)
	if err != nil {
		return nil, err
	}
	rd, err := ringbuf.NewReader(coll.Maps["events"])
	if err != nil {
		coll.Close()
		return nil, err
	}
	return &gadget{coll: coll, reader: rd}, nil
}

// want-next BPF305 "`gadget.Close` does nothing and leaves `coll`, `reader` open"
func (g *gadget) Close() {
}

func (g *gadget) Stop() {
	g.reader.Close()
	g.coll.Close()
}

// A type of the package that must be closed is forgotten like any other.
type agent struct {
	gadget   *gadget
	enricher *enricher
	counts   *ebpf.Map
}

func (a *agent) run(spec *ebpf.CollectionSpec) (err error) {
	a.counts, err = ebpf.LoadPinnedMap("/sys/fs/bpf/counts", nil)
	if err != nil {
		return err
	}
	a.enricher, err = newEnricher(spec)
	return err
}

func newEnricher(spec *ebpf.CollectionSpec) (*enricher, error) {
	e := &enricher{}
	return e, e.start(spec, spec)
}

func (a *agent) Shutdown() error { // want BPF305 "`agent.Shutdown` closes `counts` and leaves `enricher` open"
	return a.counts.Close()
}
