// math, of the standard library.
package math

const (
	Pi              = 3.14159265358979323846264338327950288419716939937510582097494459
	MaxInt8         = 1<<7 - 1
	MinInt8         = -1 << 7
	MaxInt16        = 1<<15 - 1
	MinInt16        = -1 << 15
	MaxInt32        = 1<<31 - 1
	MinInt32        = -1 << 31
	MaxInt64        = 1<<63 - 1
	MinInt64        = -1 << 63
	MaxUint8        = 1<<8 - 1
	MaxUint16       = 1<<16 - 1
	MaxUint32       = 1<<32 - 1
	MaxUint64       = 1<<64 - 1
	MaxFloat32      = 0x1p127 * (1 + (1 - 0x1p-23))
	MaxFloat64      = 0x1p1023 * (1 + (1 - 0x1p-52))
)

func Float32bits(f float32) uint32
func Float32frombits(b uint32) float32
func Float64bits(f float64) uint64
func Float64frombits(b uint64) float64
