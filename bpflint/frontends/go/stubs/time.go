// time, of the standard library.
package time

type (
	Duration int64
	Month    int
	Weekday  int
	Time     opaque // a struct that holds a pointer
	Location opaque // a struct that holds a pointer
)

type Ticker struct{ C chan Time }

type Timer struct{ C chan Time }

const (
	Nanosecond  Duration = 1
	Microsecond          = 1000 * Nanosecond
	Millisecond          = 1000 * Microsecond
	Second               = 1000 * Millisecond
	Minute               = 60 * Second
	Hour                 = 60 * Minute
)

func After(d Duration) chan Time
func NewTicker(d Duration) *Ticker
func NewTimer(d Duration) *Timer
func Now() Time
func Since(t Time) Duration
func Sleep(d Duration)
func Unix(sec, nsec int64) Time
func UnixMilli(msec int64) Time
func Until(t Time) Duration
func (Duration) Microseconds() int64
func (Duration) Milliseconds() int64
func (Duration) Nanoseconds() int64
func (Duration) Seconds() float64
func (Duration) String() string
func (Time) Add(d Duration) Time
func (Time) After(u Time) bool
func (Time) Before(u Time) bool
func (Time) Format(layout string) string
func (Time) Sub(u Time) Duration
func (Time) Unix() int64
func (Time) UnixNano() int64
func (*Ticker) Stop()
func (*Timer) Stop() bool
