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

// The last step takes everything over; each early return forgets what is there already.
func (t *tracer) attach(key string) error {
	coll, err := ebpf.NewCollection(t.spec) // want BPF302 "`coll` from ebpf.NewCollection() stays open on the path that leaves at line 30; other paths hand it on"
	if err != nil {
		return fmt.Errorf("load: %w", err)
	}
	rd, err := perf.NewReader(coll.Maps["events"], 4096) // want BPF302 "`rd` from perf.NewReader() stays open on the path that leaves at line 34"
	if err != nil {
		return fmt.Errorf("reader: %w", err)
	}
	sock, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW, 0) // want BPF302 "`sock` from unix.Socket() stays open on the path that leaves at line 37"
	if err != nil {
		return fmt.Errorf("socket: %w", err)
	}
	if err := unix.SetsockoptInt(sock, unix.SOL_SOCKET, 50, coll.Programs["filter"].FD()); err != nil {
		return fmt.Errorf("attach: %w", err)
	}
	t.attachments[key] = &attachment{coll: coll, reader: rd, sock: sock}
	return nil
}

// The return comes before the defer.
func reader(events *ebpf.Map) (fd int, err error) {
	epoll, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC) // want BPF302 "`epoll` from unix.EpollCreate1() stays open on the path that leaves at line 50"
	if err != nil {
		return -1, err
	}
	if events.MaxEntries() == 0 {
		return -1, fmt.Errorf("an empty map")
	}
	defer func() {
		if err != nil {
			unix.Close(epoll)
		}
	}()
	if err = unix.SetNonblock(epoll, true); err != nil {
		return -1, err
	}
	return epoll, nil
}

// Whoever sees the error takes the map for nothing.
func frozen() (*ebpf.Map, error) {
	m, err := ebpf.LoadPinnedMap("/sys/fs/bpf/counts", nil) // want BPF302 "`m` from ebpf.LoadPinnedMap() is returned together with an error that may be set"
	if err != nil {
		return nil, err
	}
	err = m.Freeze()
	return m, err
}

// Two are forgotten by one return: one finding, at the first of them.
func (t *tracer) both(key string) error {
	coll, err := ebpf.NewCollection(t.spec) // want BPF302 "`coll` from ebpf.NewCollection() and `rd` stay open on the path that leaves at line 85"
	if err != nil {
		return err
	}
	rd, err := perf.NewReader(t.attachments[key].coll.Maps["events"], 4096)
	if err != nil {
		coll.Close()
		return err
	}
	if key == "" {
		return fmt.Errorf("no key")
	}
	t.attachments[key] = &attachment{coll: coll, reader: rd}
	return nil
}
