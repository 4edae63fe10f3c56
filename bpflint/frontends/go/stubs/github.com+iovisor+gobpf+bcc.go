// github.com/iovisor/gobpf/bcc.
package bcc

import (
	"encoding/binary"
	"unsafe"
)

type (
	Module        opaque // a struct that holds a pointer
	Table         opaque // a struct that holds a pointer
	TableIterator opaque // a struct that holds a pointer
	PerfMap       opaque // a struct that holds a pointer
)

func GetHostByteOrder() binary.ByteOrder
func GetSyscallFnName(name string) string
func InitPerfMap(table *Table, receiverChan chan []byte, lostChan chan uint64) (*PerfMap, error)
func InitPerfMapWithPageCnt(table *Table, receiverChan chan []byte, lostChan chan uint64, pageCnt int) (*PerfMap, error)
func NewModule(code string, cflags []string) *Module
func NewTable(id uint64, module *Module) *Table
func (*Module) AttachKprobe(fnName string, fd int, maxActive int) error
func (*Module) AttachKretprobe(fnName string, fd int, maxActive int) error
func (*Module) AttachTracepoint(name string, fd int) error
func (*Module) AttachUprobe(name, symbol string, fd, pid int) error
func (*Module) AttachXDP(devName string, fd int) error
func (*Module) Close()
func (*Module) Load(name string, progType int, logLevel, logSize uint) (int, error)
func (*Module) LoadKprobe(name string) (int, error)
func (*Module) LoadNet(name string) (int, error)
func (*Module) LoadTracepoint(name string) (int, error)
func (*Module) LoadUprobe(name string) (int, error)
func (*Module) TableId(name string) uint64
func (*PerfMap) Start()
func (*PerfMap) Stop()
func (*Table) Delete(key []byte) error
func (*Table) DeleteAll() error
func (*Table) DeleteP(key unsafe.Pointer) error
func (*Table) Get(key []byte) ([]byte, error)
func (*Table) GetP(key unsafe.Pointer) (unsafe.Pointer, error)
func (*Table) Iter() *TableIterator
func (*Table) Set(key, leaf []byte) error
func (*Table) SetP(key, leaf unsafe.Pointer) error
func (*TableIterator) Err() error
func (*TableIterator) Key() []byte
func (*TableIterator) Leaf() []byte
func (*TableIterator) Next() bool
