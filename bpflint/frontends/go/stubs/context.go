// context, of the standard library.
package context

import "time"

type (
	Context    opaque // an interface
	CancelFunc func()
)

var Canceled, DeadlineExceeded error

func Background() Context
func TODO() Context
func WithCancel(parent Context) (Context, CancelFunc)
func WithDeadline(parent Context, d time.Time) (Context, CancelFunc)
func WithTimeout(parent Context, timeout time.Duration) (Context, CancelFunc)
func WithValue(parent Context, key, val any) Context
func (Context) Done() chan struct{}
func (Context) Err() error
func (Context) Value(key any) any
