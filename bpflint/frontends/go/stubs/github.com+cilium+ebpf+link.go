// github.com/cilium/ebpf/link.
package link

import (
	"io"

	"github.com/cilium/ebpf"
)

type (
	Link           opaque // an interface
	Anchor         opaque // an interface
	Executable     opaque // a struct that holds a pointer
	RawLink        opaque // a struct that holds a pointer
	NetNsLink      opaque // a struct that holds a pointer
	Iter           opaque // a struct that holds a pointer
	Info           opaque // a struct that holds a pointer
	ID             uint32
	XDPAttachFlags uint32
)

type CgroupOptions struct {
	Path    string
	Attach  ebpf.AttachType
	Program *ebpf.Program
}

type IterOptions struct {
	Program *ebpf.Program
	Map     *ebpf.Map
}

type LSMOptions struct {
	Program *ebpf.Program
	Cookie  uint64
}

type RawTracepointOptions struct {
	Name    string
	Program *ebpf.Program
}

type TCXOptions struct {
	Interface int
	Program   *ebpf.Program
	Attach    ebpf.AttachType
	Anchor    Anchor
	Flags     uint32
}

type TracingOptions struct {
	Program    *ebpf.Program
	AttachType ebpf.AttachType
	Cookie     uint64
}

type XDPOptions struct {
	Program   *ebpf.Program
	Interface int
	Flags     XDPAttachFlags
}

type NetfilterOptions struct {
	Program               *ebpf.Program
	ProtocolFamily        uint32
	HookNumber            uint32
	Priority              int32
	Flags, NetfilterFlags uint32
}

type NetkitOptions struct {
	Interface int
	Program   *ebpf.Program
	Attach    ebpf.AttachType
	Anchor    Anchor
	Flags     uint32
}

type StructOpsOptions struct{ Map *ebpf.Map }

type KprobeOptions struct {
	Cookie, Offset    uint64
	RetprobeMaxActive int
	TraceFSPrefix     string
}

type KprobeMultiOptions struct {
	Symbols   []string
	Addresses []uintptr
	Cookies   []uint64
}

type UprobeOptions struct {
	Address, Offset uint64
	PID             int
	RefCtrOffset    uint64
	Cookie          uint64
	TraceFSPrefix   string
}

type UprobeMultiOptions struct {
	Addresses, Offsets, RefCtrOffsets, Cookies []uint64
	PID                                        uint32
}

type TracepointOptions struct{ Cookie uint64 }

type RawLinkOptions struct {
	Target     int
	Program    *ebpf.Program
	Attach     ebpf.AttachType
	BTF, Flags uint32
}

func AttachCgroup(opts CgroupOptions) (Link, error)
func AttachFreplace(targetProg *ebpf.Program, name string, prog *ebpf.Program) (Link, error)
func AttachIter(opts IterOptions) (*Iter, error)
func AttachLSM(opts LSMOptions) (Link, error)
func AttachNetNs(ns int, prog *ebpf.Program) (*NetNsLink, error)
func AttachNetfilter(opts NetfilterOptions) (Link, error)
func AttachNetkit(opts NetkitOptions) (Link, error)
func AttachRawLink(opts RawLinkOptions) (*RawLink, error)
func AttachRawTracepoint(opts RawTracepointOptions) (Link, error)
func AttachStructOps(opts StructOpsOptions) (Link, error)
func AttachTCX(opts TCXOptions) (Link, error)
func AttachTracing(opts TracingOptions) (Link, error)
func AttachXDP(opts XDPOptions) (Link, error)
func Kprobe(symbol string, prog *ebpf.Program, opts *KprobeOptions) (Link, error)
func KprobeMulti(prog *ebpf.Program, opts KprobeMultiOptions) (Link, error)
func Kretprobe(symbol string, prog *ebpf.Program, opts *KprobeOptions) (Link, error)
func KretprobeMulti(prog *ebpf.Program, opts KprobeMultiOptions) (Link, error)
func LoadPinnedLink(fileName string, opts *ebpf.LoadPinOptions) (Link, error)
func NewFromFD(fd int) (Link, error)
func NewFromID(id ID) (Link, error)
func OpenExecutable(path string) (*Executable, error)
func Tracepoint(group, name string, prog *ebpf.Program, opts *TracepointOptions) (Link, error)
func (*Executable) Uprobe(symbol string, prog *ebpf.Program, opts *UprobeOptions) (Link, error)
func (*Executable) UprobeMulti(symbols []string, prog *ebpf.Program, opts *UprobeMultiOptions) (Link, error)
func (*Executable) Uretprobe(symbol string, prog *ebpf.Program, opts *UprobeOptions) (Link, error)
func (*Executable) UretprobeMulti(symbols []string, prog *ebpf.Program, opts *UprobeMultiOptions) (Link, error)
func (*Iter) Close() error
func (*Iter) Open() (io.ReadCloser, error)
func (*Iter) Pin(fileName string) error
func (Link) Close() error
func (Link) Detach() error
func (Link) Info() (*Info, error)
func (Link) Pin(fileName string) error
func (Link) Unpin() error
func (Link) Update(prog *ebpf.Program) error
func (*NetNsLink) Close() error
func (*NetNsLink) Pin(fileName string) error
func (*NetNsLink) Unpin() error
func (*RawLink) Close() error
func (*RawLink) Detach() error
func (*RawLink) FD() int
func (*RawLink) Info() (*Info, error)
func (*RawLink) Pin(fileName string) error
func (*RawLink) Unpin() error
func (*RawLink) Update(prog *ebpf.Program) error
