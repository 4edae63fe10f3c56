// github.com/cilium/ebpf v0.21: what its users' code calls and reads.
package ebpf

import (
	"bytes"
	"encoding/binary"
	"io"
	"time"

	"github.com/cilium/ebpf/asm"
	"github.com/cilium/ebpf/btf"
)

type (
	Map            opaque // a struct that holds a pointer
	MapIterator    opaque // a struct that holds a pointer
	MapBatchCursor opaque // a struct that holds a pointer
	Program        opaque // a struct that holds a pointer
	Variable       opaque // a struct that holds a pointer
	Memory         opaque // a struct that holds a pointer
	VerifierError  opaque // a struct that holds a pointer
	MapType        uint32
	ProgramType    uint32
	AttachType     uint32
	AttachFlags    uint32
	PinType        uint32
	MapUpdateFlags uint64
	MapLookupFlags uint64
	MapID          uint32
	ProgramID      uint32
	LogLevel       uint32
)

type MapKV struct{ Key, Value any }

type MapSpec struct {
	Name                                  string
	Type                                  MapType
	KeySize, ValueSize, MaxEntries, Flags uint32
	Pinning                               PinType
	NumaNode                              uint32
	Contents                              []MapKV
	InnerMap                              *MapSpec
	MapExtra                              uint64
	Extra                                 *bytes.Reader
	Key, Value                            btf.Type
	Tags                                  []string
}

type ProgramSpec struct {
	Name          string
	Type          ProgramType
	Ifindex       uint32
	AttachType    AttachType
	AttachTo      string
	AttachTarget  *Program
	SectionName   string
	Instructions  asm.Instructions
	Flags         uint32
	License       string
	KernelVersion uint32
	ByteOrder     binary.ByteOrder
}

type VariableSpec struct {
	Name, SectionName string
	Offset            uint32
	Value             []byte
	Type              *btf.Var
}

type CollectionSpec struct {
	Maps      map[string]*MapSpec
	Programs  map[string]*ProgramSpec
	Variables map[string]*VariableSpec
	Types     *btf.Spec
	ByteOrder binary.ByteOrder
}

type Collection struct {
	Programs  map[string]*Program
	Maps      map[string]*Map
	Variables map[string]*Variable
}

type MapOptions struct {
	PinPath        string
	LoadPinOptions LoadPinOptions
}

type ProgramOptions struct {
	LogLevel     LogLevel
	LogSizeStart uint32
	LogDisabled  bool
	KernelTypes  *btf.Spec
}

type CollectionOptions struct {
	Maps            MapOptions
	Programs        ProgramOptions
	MapReplacements map[string]*Map
}

type LoadPinOptions struct {
	ReadOnly, WriteOnly bool
	Flags               uint32
}

type BatchOptions struct{ ElemFlags, Flags uint64 }

type MapInfo struct {
	Type                                  MapType
	KeySize, ValueSize, MaxEntries, Flags uint32
	Name                                  string
}

type ProgramInfo struct {
	Type      ProgramType
	Tag, Name string
}

type RunOptions struct {
	Data, DataOut       []byte
	Context, ContextOut any
	Repeat, Flags, CPU  uint32
}

const (
	UnspecifiedMap MapType = iota
	Hash
	Array
	ProgramArray
	PerfEventArray
	PerCPUHash
	PerCPUArray
	StackTrace
	CGroupArray
	LRUHash
	LRUCPUHash
	LPMTrie
	ArrayOfMaps
	HashOfMaps
	DevMap
	SockMap
	CPUMap
	XSKMap
	SockHash
	CGroupStorage
	ReusePortSockArray
	PerCPUCGroupStorage
	Queue
	Stack
	SkStorage
	DevMapHash
	StructOpsMap
	RingBuf
	InodeStorage
	TaskStorage
	BloomFilter
	UserRingbuf
	CgroupStorage
	Arena
)

const (
	UpdateAny     MapUpdateFlags = 0
	UpdateNoExist MapUpdateFlags = 1
	UpdateExist   MapUpdateFlags = 2
	UpdateLock    MapUpdateFlags = 4
	LookupLock    MapLookupFlags = 4
)

const (
	PinNone PinType = iota
	PinByName
)

func LoadCollection(file string) (*Collection, error)
func LoadCollectionSpec(file string) (*CollectionSpec, error)
func LoadCollectionSpecFromReader(rd io.ReaderAt) (*CollectionSpec, error)
func LoadPinnedMap(fileName string, opts *LoadPinOptions) (*Map, error)
func LoadPinnedProgram(fileName string, opts *LoadPinOptions) (*Program, error)
func MapGetNextID(startID MapID) (MapID, error)
func MustPossibleCPU() int
func NewCollection(spec *CollectionSpec) (*Collection, error)
func NewCollectionWithOptions(spec *CollectionSpec, opts CollectionOptions) (*Collection, error)
func NewMap(spec *MapSpec) (*Map, error)
func NewMapFromFD(fd int) (*Map, error)
func NewMapFromID(id MapID) (*Map, error)
func NewMapWithOptions(spec *MapSpec, opts MapOptions) (*Map, error)
func NewProgram(spec *ProgramSpec) (*Program, error)
func NewProgramFromFD(fd int) (*Program, error)
func NewProgramFromID(id ProgramID) (*Program, error)
func NewProgramWithOptions(spec *ProgramSpec, opts ProgramOptions) (*Program, error)
func PossibleCPU() (int, error)
func ProgramGetNextID(startID ProgramID) (ProgramID, error)

func (*Collection) Assign(to any) error
func (*Collection) Close()
func (*Collection) DetachMap(name string) *Map
func (*Collection) DetachProgram(name string) *Program
func (*CollectionSpec) Assign(to any) error
func (*CollectionSpec) Copy() *CollectionSpec
func (*CollectionSpec) LoadAndAssign(to any, opts *CollectionOptions) error
func (*CollectionSpec) RewriteConstants(consts map[string]any) error
func (*CollectionSpec) RewriteMaps(maps map[string]*Map) error

func (*Map) BatchDelete(keys any, opts *BatchOptions) (int, error)
func (*Map) BatchLookup(cursor *MapBatchCursor, keysOut, valuesOut any, opts *BatchOptions) (int, error)
func (*Map) BatchLookupAndDelete(cursor *MapBatchCursor, keysOut, valuesOut any, opts *BatchOptions) (int, error)
func (*Map) BatchUpdate(keys, values any, opts *BatchOptions) (int, error)
func (*Map) Clone() (*Map, error)
func (*Map) Close() error
func (*Map) Delete(key any) error
func (*Map) FD() int
func (*Map) Flags() uint32
func (*Map) Freeze() error
func (*Map) Info() (*MapInfo, error)
func (*Map) IsPinned() bool
func (*Map) Iterate() *MapIterator
func (*Map) KeySize() uint32
func (*Map) Lookup(key, valueOut any) error
func (*Map) LookupAndDelete(key, valueOut any) error
func (*Map) LookupAndDeleteWithFlags(key, valueOut any, flags MapLookupFlags) error
func (*Map) LookupBytes(key any) ([]byte, error)
func (*Map) LookupWithFlags(key, valueOut any, flags MapLookupFlags) error
func (*Map) MaxEntries() uint32
func (*Map) Memory() (*Memory, error)
func (*Map) NextKey(key, nextKeyOut any) error
func (*Map) NextKeyBytes(key any) ([]byte, error)
func (*Map) Pin(fileName string) error
func (*Map) Put(key, value any) error
func (*Map) String() string
func (*Map) Type() MapType
func (*Map) Unpin() error
func (*Map) Update(key, value any, flags MapUpdateFlags) error
func (*Map) ValueSize() uint32
func (*MapInfo) ID() (MapID, bool)
func (*MapIterator) Err() error
func (*MapIterator) Next(keyOut, valueOut any) bool
func (*MapSpec) Compatible(m *Map) error
func (*MapSpec) Copy() *MapSpec
func (*Memory) ReadAt(p []byte, off int64) (int, error)
func (*Memory) Size() uint32
func (*Memory) WriteAt(p []byte, off int64) (int, error)

func (*Program) Benchmark(in []byte, repeat int, reset func()) (uint32, time.Duration, error)
func (*Program) BindMap(m *Map) error
func (*Program) Clone() (*Program, error)
func (*Program) Close() error
func (*Program) FD() int
func (*Program) Info() (*ProgramInfo, error)
func (*Program) IsPinned() bool
func (*Program) Pin(fileName string) error
func (*Program) Run(opts *RunOptions) (uint32, error)
func (*Program) Test(in []byte) (uint32, []byte, error)
func (*Program) Type() ProgramType
func (*Program) Unpin() error
func (*ProgramInfo) ID() (ProgramID, bool)
func (*ProgramInfo) MapIDs() ([]MapID, bool)
func (*ProgramSpec) Copy() *ProgramSpec

func (*Variable) Get(out any) error
func (*Variable) ReadOnly() bool
func (*Variable) Set(in any) error
func (*Variable) Size() uint32
func (*Variable) Type() *btf.Var
func (*VariableSpec) Constant() bool
func (*VariableSpec) Get(out any) error
func (*VariableSpec) Set(in any) error
func (*VariableSpec) Size() uint32
