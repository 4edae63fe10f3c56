// github.com/aquasecurity/libbpfgo: what its users' code calls.
package libbpfgo

import "unsafe"

type (
	Module            opaque // a struct that holds a pointer
	BPFMap            opaque // a struct that holds a pointer
	BPFMapLow         opaque // a struct that holds a pointer
	BPFMapIterator    opaque // a struct that holds a pointer
	BPFObjectIterator opaque // a struct that holds a pointer
	BPFProg           opaque // a struct that holds a pointer
	BPFLink           opaque // a struct that holds a pointer
	PerfBuffer        opaque // a struct that holds a pointer
	RingBuffer        opaque // a struct that holds a pointer
	UserRingBuffer    opaque // a struct that holds a pointer
	TcHook            opaque // a struct that holds a pointer
	MapType           uint32
	MapFlag           uint32
	BPFProgType       uint32
	BPFAttachType     uint32
	AttachFlag        uint32
	XDPFlags          uint32
	TcFlags           uint32
	TcAttachPoint     uint32
)

type NewModuleArgs struct {
	KConfigFilePath, BTFObjPath, BPFObjName, BPFObjPath string
	BPFObjBuff                                          []byte
	SkipMemlockBump                                     bool
	KernelLogLevel                                      uint32
}

type BPFMapCreateOpts struct {
	BTFFD, BTFKeyTypeID, BTFValueTypeID, BTFVmlinuxValueTypeID, InnerMapFD, MapFlags uint32
	MapExtra                                                                         uint64
	NumaNode, MapIfIndex                                                             uint32
}

type TcOpts struct {
	ProgFd                   int
	Flags                    TcFlags
	ProgId, Handle, Priority uint
}

const (
	MapFlagUpdateAny MapFlag = iota
	MapFlagUpdateNoExist
	MapFlagUpdateExist
	MapFlagFLock = 4
)

func CreateMap(t MapType, name string, keySize, valueSize, maxEntries int, opts *BPFMapCreateOpts) (*BPFMapLow, error)
func GetMapByID(id uint32) (*BPFMapLow, error)
func NewModuleFromBuffer(bpfObjBuff []byte, bpfObjName string) (*Module, error)
func NewModuleFromBufferArgs(args NewModuleArgs) (*Module, error)
func NewModuleFromFile(bpfObjPath string) (*Module, error)
func NewModuleFromFileArgs(args NewModuleArgs) (*Module, error)
func NumPossibleCPUs() (int, error)

func (*Module) AddRingBuf(ringBuf *RingBuffer, mapName string, eventsChan chan []byte) (bool, error)
func (*Module) AttachPrograms() error
func (*Module) BPFLoadObject() error
func (*Module) Close()
func (*Module) DetachPrograms() error
func (*Module) GetMap(mapName string) (*BPFMap, error)
func (*Module) GetProgram(progName string) (*BPFProg, error)
func (*Module) InitGlobalVariable(name string, value any) error
func (*Module) InitPerfBuf(mapName string, eventsChan chan []byte, lostChan chan uint64, pageCnt int) (*PerfBuffer, error)
func (*Module) InitRingBuf(mapName string, eventsChan chan []byte) (*RingBuffer, error)
func (*Module) InitUserRingBuf(mapName string, eventsChan chan []byte) (*UserRingBuffer, error)
func (*Module) Iterator() *BPFObjectIterator
func (*Module) ListProgramNames() []string
func (*Module) TcHookInit() *TcHook
func (*BPFObjectIterator) NextMap() *BPFMap
func (*BPFObjectIterator) NextProgram() *BPFProg

func (*BPFMap) DeleteKey(key unsafe.Pointer) error
func (*BPFMap) DeleteKeyBatch(keys unsafe.Pointer, count uint32) (uint32, error)
func (*BPFMap) FileDescriptor() int
func (*BPFMap) GetFd() int
func (*BPFMap) GetMaxEntries() uint32
func (*BPFMap) GetName() string
func (*BPFMap) GetNextKey(key, nextKey unsafe.Pointer) error
func (*BPFMap) GetValue(key unsafe.Pointer) ([]byte, error)
func (*BPFMap) GetValueAndDeleteBatch(keys, startKey, nextKey unsafe.Pointer, count uint32) ([][]byte, uint32, error)
func (*BPFMap) GetValueAndDeleteKey(key unsafe.Pointer) ([]byte, error)
func (*BPFMap) GetValueAndDeleteKeyFlags(key unsafe.Pointer, flags MapFlag) ([]byte, error)
func (*BPFMap) GetValueBatch(keys, startKey, nextKey unsafe.Pointer, count uint32) ([][]byte, uint32, error)
func (*BPFMap) GetValueFlags(key unsafe.Pointer, flags MapFlag) ([]byte, error)
func (*BPFMap) GetValueReadInto(key unsafe.Pointer, value *[]byte) error
func (*BPFMap) InitialValue() ([]byte, error)
func (*BPFMap) Iterator() *BPFMapIterator
func (*BPFMap) KeySize() int
func (*BPFMap) LookupAndDeleteElem(key, value unsafe.Pointer, valueSize uint64, flags MapFlag) error
func (*BPFMap) MaxEntries() uint32
func (*BPFMap) Name() string
func (*BPFMap) Pin(pinPath string) error
func (*BPFMap) Resize(maxEntries uint32) error
func (*BPFMap) ReuseFD(fd int) error
func (*BPFMap) SetInitialValue(value unsafe.Pointer) error
func (*BPFMap) SetMaxEntries(maxEntries uint32) error
func (*BPFMap) SetValueSize(size uint32) error
func (*BPFMap) Type() MapType
func (*BPFMap) Unpin(pinPath string) error
func (*BPFMap) Update(key, value unsafe.Pointer) error
func (*BPFMap) UpdateBatch(keys, values unsafe.Pointer, count uint32) (uint32, error)
func (*BPFMap) UpdateValueFlags(key, value unsafe.Pointer, flags MapFlag) error
func (*BPFMap) ValueSize() int
func (*BPFMapIterator) Err() error
func (*BPFMapIterator) Key() []byte
func (*BPFMapIterator) Next() bool

func (*BPFMapLow) DeleteKey(key unsafe.Pointer) error
func (*BPFMapLow) DeleteKeyBatch(keys unsafe.Pointer, count uint32) (uint32, error)
func (*BPFMapLow) FileDescriptor() int
func (*BPFMapLow) GetNextKey(key, nextKey unsafe.Pointer) error
func (*BPFMapLow) GetValue(key unsafe.Pointer) ([]byte, error)
func (*BPFMapLow) GetValueAndDeleteKey(key unsafe.Pointer) ([]byte, error)
func (*BPFMapLow) GetValueBatch(keys, startKey, nextKey unsafe.Pointer, count uint32) ([][]byte, uint32, error)
func (*BPFMapLow) GetValueFlags(key unsafe.Pointer, flags MapFlag) ([]byte, error)
func (*BPFMapLow) Iterator() *BPFMapIterator
func (*BPFMapLow) KeySize() int
func (*BPFMapLow) LookupAndDeleteElem(key, value unsafe.Pointer) error
func (*BPFMapLow) Name() string
func (*BPFMapLow) Update(key, value unsafe.Pointer) error
func (*BPFMapLow) UpdateBatch(keys, values unsafe.Pointer, count uint32) (uint32, error)
func (*BPFMapLow) UpdateValueFlags(key, value unsafe.Pointer, flags MapFlag) error
func (*BPFMapLow) ValueSize() int

func (*BPFProg) AttachCgroup(cgroupV2DirPath string) (*BPFLink, error)
func (*BPFProg) AttachCgroupLegacy(cgroupV2DirPath string, attachType BPFAttachType) (*BPFLink, error)
func (*BPFProg) AttachGeneric() (*BPFLink, error)
func (*BPFProg) AttachIter(opts any) (*BPFLink, error)
func (*BPFProg) AttachKprobe(symbol string) (*BPFLink, error)
func (*BPFProg) AttachKprobeOffset(offset uint64) (*BPFLink, error)
func (*BPFProg) AttachKretprobe(symbol string) (*BPFLink, error)
func (*BPFProg) AttachLSM() (*BPFLink, error)
func (*BPFProg) AttachNetns(networkNamespacePath string) (*BPFLink, error)
func (*BPFProg) AttachPerfEvent(fd int) (*BPFLink, error)
func (*BPFProg) AttachRawTracepoint(tpEvent string) (*BPFLink, error)
func (*BPFProg) AttachTracepoint(category, name string) (*BPFLink, error)
func (*BPFProg) AttachURetprobe(pid int, path string, offset uint64) (*BPFLink, error)
func (*BPFProg) AttachUprobe(pid int, path string, offset uint64) (*BPFLink, error)
func (*BPFProg) AttachUSDT(pid int, binaryPath, provider, name string) (*BPFLink, error)
func (*BPFProg) AttachXDP(deviceName string) (*BPFLink, error)
func (*BPFProg) FileDescriptor() int
func (*BPFProg) GetFd() int
func (*BPFProg) Name() string
func (*BPFProg) Pin(path string) error
func (*BPFProg) SetAttachTarget(attachProgFD int, attachFuncName string) error
func (*BPFProg) SetAutoload(autoload bool) error
func (*BPFProg) Unpin(path string) error
func (*BPFLink) Destroy() error
func (*BPFLink) FileDescriptor() int
func (*BPFLink) Pin(pinPath string) error
func (*BPFLink) Unpin() error

func (*PerfBuffer) Close()
func (*PerfBuffer) Poll(timeout int)
func (*PerfBuffer) Start()
func (*PerfBuffer) Stop()
func (*RingBuffer) Close()
func (*RingBuffer) Poll(timeout int)
func (*RingBuffer) Start()
func (*RingBuffer) Stop()
func (*UserRingBuffer) Close()
func (*UserRingBuffer) Start()
func (*UserRingBuffer) Stop()
func (*TcHook) Attach(tcOpts *TcOpts) error
func (*TcHook) Create() error
func (*TcHook) Destroy() error
func (*TcHook) Detach(tcOpts *TcOpts) error
func (*TcHook) SetAttachPoint(attachPoint TcAttachPoint)
func (*TcHook) SetInterfaceByIndex(ifaceIdx int)
func (*TcHook) SetInterfaceByName(ifaceName string) error
