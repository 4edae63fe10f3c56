// math/bits, of the standard library; UintSize depends on the target.
package bits

func LeadingZeros64(x uint64) int
func OnesCount64(x uint64) int
func ReverseBytes16(x uint16) uint16
func ReverseBytes32(x uint32) uint32
func ReverseBytes64(x uint64) uint64
func TrailingZeros64(x uint64) int
