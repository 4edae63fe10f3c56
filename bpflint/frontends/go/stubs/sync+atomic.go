// sync/atomic, of the standard library. Int64 and Uint64 are aligned to 8 bytes everywhere, as no other Go type is.
package atomic

type (
	Int64   opaque // an atomic that aligns to 8 bytes everywhere
	Uint64  opaque // an atomic that aligns to 8 bytes everywhere
	Value   opaque // an interface
	Bool    struct{ v uint32 }
	Int32   struct{ v int32 }
	Uint32  struct{ v uint32 }
	Uintptr struct{ v uintptr }
)

func AddInt32(addr *int32, delta int32) int32
func AddInt64(addr *int64, delta int64) int64
func AddUint32(addr *uint32, delta uint32) uint32
func AddUint64(addr *uint64, delta uint64) uint64
func LoadInt32(addr *int32) int32
func LoadInt64(addr *int64) int64
func LoadUint32(addr *uint32) uint32
func LoadUint64(addr *uint64) uint64
func StoreUint32(addr *uint32, val uint32)
func StoreUint64(addr *uint64, val uint64)
func (*Bool) Load() bool
func (*Bool) Store(val bool)
func (*Int64) Add(delta int64) int64
func (*Int64) Load() int64
func (*Uint32) Load() uint32
func (*Uint64) Add(delta uint64) uint64
func (*Uint64) Load() uint64
