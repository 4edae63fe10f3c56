// github.com/DataDog/ebpf-manager: what its users' code calls and fills in.
package manager

import (
	"io"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/perf"
	"github.com/cilium/ebpf/ringbuf"
)

type (
	ProbesSelector opaque // an interface
	MapCleanupType int
)

type Manager struct {
	Probes      []*Probe
	Maps        []*Map
	PerfMaps    []*PerfMap
	RingBuffers []*RingBuffer
	DumpHandler func(w io.Writer, manager *Manager, mapName string, currentMap *ebpf.Map)
}

type ProbeIdentificationPair struct{ UID, EBPFFuncName string }

type Probe struct {
	ProbeIdentificationPair
	IfName, HookFuncName, BinaryPath, CGroupPath string
	KProbeMaxActive                              int
}

type MapOptions struct {
	PinPath       string
	AlwaysCleanup bool
}

type Map struct {
	Name     string
	Contents []ebpf.MapKV
	MapOptions
}

type PerfMapOptions struct {
	PerfRingBufferSize, Watermark, WakeupEvents int
	PerfErrChan                                 chan error
	DataHandler                                 func(CPU int, data []byte, perfMap *PerfMap, manager *Manager)
	RecordHandler                               func(record *perf.Record, perfMap *PerfMap, manager *Manager)
	LostHandler                                 func(CPU int, count uint64, perfMap *PerfMap, manager *Manager)
}

type PerfMap struct {
	Map
	PerfMapOptions
}

type RingBufferOptions struct {
	ErrChan        chan error
	DataHandler    func(CPU int, data []byte, ringBuffer *RingBuffer, manager *Manager)
	RecordHandler  func(record *ringbuf.Record, ringBuffer *RingBuffer, manager *Manager)
	RingBufferSize int
}

type RingBuffer struct {
	Map
	RingBufferOptions
}

type ConstantEditor struct {
	Name          string
	Value         any
	FailOnMissing bool
}

type MapSpecEditor struct {
	Type                       ebpf.MapType
	MaxEntries, Flags          uint32
	KeySize, ValueSize         uint32
	InnerMap                   *ebpf.MapSpec
}

type Options struct {
	ActivatedProbes   []ProbesSelector
	ExcludedFunctions []string
	ConstantEditors   []ConstantEditor
	MapSpecEditors    map[string]MapSpecEditor
	MapEditors        map[string]*ebpf.Map
	DefaultPerfRingBufferSize, DefaultRingBufferSize int
}

func (*Manager) AddHook(UID string, newProbe *Probe) error
func (*Manager) CloneMap(name, newName string, options MapOptions) (*ebpf.Map, error)
func (*Manager) DetachHook(id ProbeIdentificationPair) error
func (*Manager) GetMap(name string) (*ebpf.Map, bool, error)
func (*Manager) GetMapSpec(name string) (*ebpf.MapSpec, bool, error)
func (*Manager) GetMapSpecs() (map[string]*ebpf.MapSpec, error)
func (*Manager) GetMaps() (map[string]*ebpf.Map, error)
func (*Manager) GetPerfMap(name string) (*PerfMap, bool)
func (*Manager) GetProbe(id ProbeIdentificationPair) (*Probe, bool)
func (*Manager) GetProgram(id ProbeIdentificationPair) ([]*ebpf.Program, bool, error)
func (*Manager) GetPrograms() (map[string]*ebpf.Program, error)
func (*Manager) GetRingBuffer(name string) (*RingBuffer, bool)
func (*Manager) Init(elf io.ReaderAt) error
func (*Manager) InitWithOptions(elf io.ReaderAt, options Options) error
func (*Manager) LoadELF(elf io.ReaderAt) error
func (*Manager) NewMap(spec *ebpf.MapSpec, options MapOptions) (*ebpf.Map, error)
func (*Manager) NewPerfRing(spec *ebpf.MapSpec, options MapOptions, perfMapOptions PerfMapOptions) (*ebpf.Map, error)
func (*Manager) NewRingBuffer(spec *ebpf.MapSpec, options MapOptions, ringBufferOptions RingBufferOptions) (*ebpf.Map, error)
func (*Manager) Pause() error
func (*Manager) Resume() error
func (*Manager) Start() error
func (*Manager) Stop(cleanup MapCleanupType) error
