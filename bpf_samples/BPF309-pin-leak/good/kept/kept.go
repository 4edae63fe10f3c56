package kept

import (
	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/link"
)

// No teardown, and one that leaves the pinned field open.
type installed struct {
	hook link.Link
}

func (i *installed) install(prog *ebpf.Program) (err error) {
	if i.hook, err = link.Kprobe("tcp_connect", prog, nil); err != nil {
		return err
	}
	return i.hook.Pin("/sys/fs/bpf/hook")
}

type table struct {
	rules *ebpf.Map
	stats *ebpf.Map
}

func (t *table) publish() error {
	return t.rules.Pin("/sys/fs/bpf/rules")
}

func (t *table) Stop() error {
	return t.stats.Close()
}

// A loader that pins, closes its descriptors and exits: the pin is all that it is for.
func load(spec *ebpf.MapSpec) error {
	m, err := ebpf.NewMap(spec)
	if err != nil {
		return err
	}
	defer m.Close()
	return m.Pin("/sys/fs/bpf/loaded")
}
