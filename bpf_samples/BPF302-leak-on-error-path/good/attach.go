package attach

import (
	"fmt"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/perf"
	"golang.org/x/sys/unix"
)

type attachment struct {
	coll   *ebpf.Collection
	reader *perf.Reader
	sock   int
}

type tracer struct {
	spec        *ebpf.CollectionSpec
	attachments map[string]*attachment
}

// The owner closes what it has when something fails.
func (t *tracer) attach(key string) (err error) {
	a := &attachment{sock: -1}
	defer func() {
		if err != nil {
			a.close()
		}
	}()
	a.coll, err = ebpf.NewCollection(t.spec)
	if err != nil {
		return fmt.Errorf("load: %w", err)
	}
	a.reader, err = perf.NewReader(a.coll.Maps["events"], 4096)
	if err != nil {
		return fmt.Errorf("reader: %w", err)
	}
	t.attachments[key] = a
	return nil
}

func (a *attachment) close() {
	if a.reader != nil {
		a.reader.Close()
	}
	if a.coll != nil {
		a.coll.Close()
	}
	if a.sock >= 0 {
		unix.Close(a.sock)
	}
}

// Each step closes those before it.
func (t *tracer) steps(key string) error {
	coll, err := ebpf.NewCollection(t.spec)
	if err != nil {
		return err
	}
	rd, err := perf.NewReader(coll.Maps["events"], 4096)
	if err != nil {
		coll.Close()
		return err
	}
	t.attachments[key] = &attachment{coll: coll, reader: rd}
	return nil
}

// A negative number says that there is none.
func open(path string) (*attachment, error) {
	fd, err := unix.Open(path, unix.O_RDONLY, 0)
	if fd < 0 {
		return nil, err
	}
	return &attachment{sock: fd}, nil
}

// One that is held already is not a second one.
func (t *tracer) same(key string) error {
	fd, err := unix.Open(key, unix.O_RDONLY, 0)
	if err != nil {
		return err
	}
	if t.attachments[key].sock == fd {
		return nil
	}
	t.attachments[key].sock = fd
	return nil
}

// The error beside it is the opener's own, or known to be nil.
func own() (*ebpf.Map, error) {
	m, err := ebpf.LoadPinnedMap("/sys/fs/bpf/counts", nil)
	return m, err
}

func frozen() (*ebpf.Map, error) {
	m, err := ebpf.LoadPinnedMap("/sys/fs/bpf/counts", nil)
	if err != nil {
		return nil, err
	}
	if err = m.Freeze(); err != nil {
		m.Close()
		return nil, err
	}
	return m, err
}

// A closing function of one's own, kept in a variable.
func checked(spec *ebpf.MapSpec) (_ *ebpf.Map, err error) {
	closeOnError := func(m *ebpf.Map) {
		if err != nil {
			m.Close()
		}
	}
	m, err := ebpf.LoadPinnedMap("/sys/fs/bpf/counts", nil)
	if err != nil {
		return nil, err
	}
	defer closeOnError(m)
	if err := spec.Compatible(m); err != nil {
		return nil, err
	}
	return m, nil
}
