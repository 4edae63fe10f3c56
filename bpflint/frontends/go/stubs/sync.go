// sync, of the standard library.
package sync

type (
	Mutex     opaque // a lock
	RWMutex   opaque // a lock
	WaitGroup opaque // a lock
	Once      opaque // a lock
	Cond      opaque // a struct that holds a pointer
	Map       opaque // a struct that holds a pointer
)

type Pool struct{ New func() any }

func (*Mutex) Lock()
func (*Mutex) TryLock() bool
func (*Mutex) Unlock()
func (*RWMutex) Lock()
func (*RWMutex) RLock()
func (*RWMutex) RUnlock()
func (*RWMutex) Unlock()
func (*WaitGroup) Add(delta int)
func (*WaitGroup) Done()
func (*WaitGroup) Go(f func())
func (*WaitGroup) Wait()
func (*Once) Do(f func())
func (*Map) Delete(key any)
func (*Map) Load(key any) (value any, ok bool)
func (*Map) Store(key, value any)
func (*Pool) Get() any
func (*Pool) Put(x any)
