package probe

import (
	"fmt"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/link"
	"github.com/cilium/ebpf/ringbuf"
)

type tracer struct {
	objs       probeObjects
	enter      link.Link
	exit       link.Link
	syncEnter  link.Link
	containers map[string]link.Link
}

// A collection for one question.
func count(spec *ebpf.CollectionSpec) (uint64, error) {
	coll, err := ebpf.NewCollection(spec) // want BPF301 "`coll` from ebpf.NewCollection() is never closed"
	if err != nil {
		return 0, fmt.Errorf("load: %w", err)
	}
	var n uint64
	err = coll.Maps["counts"].Lookup(uint32(0), &n)
	return n, err
}

// The reader of a loop that ends.
func drain(m *ebpf.Map, stop <-chan struct{}) {
	rd, err := ringbuf.NewReader(m) // want BPF301 "`rd` from ringbuf.NewReader() is never closed"
	if err != nil {
		return
	}
	for {
		select {
		case <-stop:
			return
		default:
			if _, err := rd.Read(); err != nil {
				return
			}
		}
	}
}

// A field is written twice: the first link is lost, syncEnter never set.
func (t *tracer) start() error {
	var err error
	t.enter, err = link.Kprobe("vfs_write", t.objs.Enter, nil) // want BPF301 "`t.enter` from link.Kprobe() is still open when line 59 writes another link over it"
	if err != nil {
		return fmt.Errorf("write: %w", err)
	}
	t.exit, err = link.Kretprobe("vfs_write", t.objs.Exit, nil)
	if err != nil {
		return fmt.Errorf("write: %w", err)
	}
	t.enter, err = link.Kprobe("vfs_fsync", t.objs.Enter, nil)
	if err != nil {
		return fmt.Errorf("fsync: %w", err)
	}
	return nil
}

// Each turn of the loop loses the one before.
func find(name string) (*ebpf.Program, error) {
	var (
		id   ebpf.ProgramID
		prog *ebpf.Program
		err  error
	)
	for {
		if id, err = ebpf.ProgramGetNextID(id); err != nil {
			return nil, err
		}
		if prog, err = ebpf.NewProgramFromID(id); err != nil { // want BPF301 "is still open when the next turn of the loop writes another program over it"
			return nil, err
		}
		if prog.String() == name {
			return prog, nil
		}
	}
}

// Through a helper of the package.
func openCounts() (*ebpf.Map, error) {
	return ebpf.LoadPinnedMap("/sys/fs/bpf/counts", nil)
}

func total() (sum uint64, err error) {
	m, err := openCounts() // want BPF301 "`m` from openCounts() is never closed"
	if err != nil {
		return 0, err
	}
	err = m.Lookup(uint32(0), &sum)
	return
}

// What bpf2go wrote is loaded and forgotten.
func check() error {
	objs := probeObjects{}
	if err := loadProbeObjects(&objs, nil); err != nil { // want BPF301 "`objs` from loadProbeObjects() is never closed"
		return err
	}
	var n uint64
	return objs.Counts.Lookup(uint32(0), &n)
}

type probeObjects struct {
	Enter  *ebpf.Program `ebpf:"enter"`
	Exit   *ebpf.Program `ebpf:"exit"`
	Counts *ebpf.Map     `ebpf:"counts"`
}

func loadProbeObjects(obj interface{}, opts *ebpf.CollectionOptions) error {
	spec, err := ebpf.LoadCollectionSpec("probe.bpf.o")
	if err != nil {
		return err
	}
	return spec.LoadAndAssign(obj, opts)
}

// A loop that only asks its members closes none.
func asked(spec *ebpf.CollectionSpec) error {
	coll, err := ebpf.NewCollection(spec) // want BPF301 "`coll` from ebpf.NewCollection() is never closed"
	if err != nil {
		return err
	}
	for _, p := range coll.Programs {
		if _, err := p.Info(); err != nil {
			return err
		}
	}
	return nil
}
