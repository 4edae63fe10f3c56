// github.com/iovisor/gobpf/elf.
package elf

import (
	"io"
	"unsafe"
)

type (
	Module opaque // a struct that holds a pointer
	Map    opaque // a struct that holds a pointer
	PerfMap opaque // a struct that holds a pointer
)

type SectionParams struct {
	PerfRingBufferPageCount   int
	SkipPerfMapInitialization bool
	PinPath                   string
	MapMaxEntries             int
}

func InitPerfMap(b *Module, mapName string, receiverChan chan []byte, lostChan chan uint64) (*PerfMap, error)
func NewModule(fileName string) *Module
func NewModuleFromReader(fileReader io.ReaderAt) *Module
func (*Module) Close() error
func (*Module) DeleteElement(mp *Map, key unsafe.Pointer) error
func (*Module) EnableKprobe(secName string, maxactive int) error
func (*Module) EnableKprobes(maxactive int) error
func (*Module) EnableTracepoint(secName string) error
func (*Module) Load(parameters map[string]SectionParams) error
func (*Module) LookupAndDeleteElement(mp *Map, value unsafe.Pointer) error
func (*Module) LookupElement(mp *Map, key, value unsafe.Pointer) error
func (*Module) LookupNextElement(mp *Map, key, nextKey, value unsafe.Pointer) (bool, error)
func (*Module) Map(name string) *Map
func (*Module) UpdateElement(mp *Map, key, value unsafe.Pointer, flags uint64) error
func (*Map) Fd() int
func (*PerfMap) PollStart()
func (*PerfMap) PollStop()
