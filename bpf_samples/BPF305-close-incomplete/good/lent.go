// The manager works on a collection that its maker opened, and that the maker closes when it leaves: Close gives back
// what Start has opened.
package tracer

import (
	"context"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/ringbuf"
)

type manager struct {
	coll   *ebpf.Collection
	reader *ringbuf.Reader
}

func openCollection(path string) (*ebpf.Collection, error) {
	spec, err := ebpf.LoadCollectionSpec(path)
	if err != nil {
		return nil, err
	}
	return ebpf.NewCollection(spec)
}

func audit(ctx context.Context, path string) error {
	coll, err := openCollection(path)
	if err != nil {
		return err
	}
	defer coll.Close()

	m := manager{coll: coll}
	if err := m.Start(); err != nil {
		return err
	}
	<-ctx.Done()
	return m.Close()
}

func (m *manager) Start() error {
	reader, err := ringbuf.NewReader(m.coll.Maps["events"])
	if err != nil {
		return err
	}
	m.reader = reader
	return nil
}

func (m *manager) Close() error {
	return m.reader.Close()
}
