package tracer

import (
	"fmt"
	"os"
	"strconv"

	"example.com/agent/sys"
	"golang.org/x/sys/unix"
)

type poller struct {
	fds []int
}

// Closed on every path.
func size(id int) (int64, error) {
	fd, err := sys.MapByID(id)
	if err != nil {
		return 0, fmt.Errorf("map %d: %w", id, err)
	}
	defer unix.Close(fd)
	at, err := unix.Seek(fd, 0, 2)
	if err != nil {
		return 0, err
	}
	return at, nil
}

// Closed where it cannot be used, else handed on.
func (p *poller) add(id int) error {
	fd, err := sys.MapByID(id)
	if err != nil {
		return err
	}
	if err := unix.SetNonblock(fd, true); err != nil {
		unix.Close(fd)
		return err
	}
	p.fds = append(p.fds, fd)
	return nil
}

// The listener keeps its descriptor, and takes back what does not fit.
func accept(l *sys.Listener, want int) error {
	fd, err := l.Next()
	if err != nil {
		return err
	}
	if fd != want {
		unix.Close(fd)
	}
	return nil
}

// A number from outside is somebody else's until it is closed.
func inherited(name string) error {
	fd, err := strconv.Atoi(os.Getenv(name))
	if err != nil {
		return err
	}
	if fd < 3 {
		return fmt.Errorf("%d is a standard stream", fd)
	}
	return unix.Close(fd)
}
