// Lists whose members are closed, handed on, or kept by somebody else.
package probe

import (
	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/link"
)

type kept struct {
	links []*link.Iter
}

func (k *kept) Close() error {
	for _, l := range k.links {
		l.Close()
	}
	return nil
}

func deferred(programs []*ebpf.Program) error {
	var iterators []*link.Iter
	defer func() {
		for _, it := range iterators {
			it.Close()
		}
	}()
	for _, program := range programs {
		it, err := link.AttachIter(link.IterOptions{Program: program})
		if err != nil {
			return err
		}
		iterators = append(iterators, it)
	}
	return read(len(iterators))
}

func atTheEnd(program *ebpf.Program) error {
	iterators := make([]*link.Iter, 0, 1)
	it, err := link.AttachIter(link.IterOptions{Program: program})
	if err != nil {
		return err
	}
	iterators = append(iterators, it)
	for number := range iterators {
		iterators[number].Close()
	}
	return nil
}

func returned(program *ebpf.Program) ([]*link.Iter, error) {
	var iterators []*link.Iter
	it, err := link.AttachIter(link.IterOptions{Program: program})
	if err != nil {
		return nil, err
	}
	iterators = append(iterators, it)
	return iterators, nil
}

func stored(program *ebpf.Program, k *kept) error {
	var iterators []*link.Iter
	it, err := link.AttachIter(link.IterOptions{Program: program})
	if err != nil {
		return err
	}
	iterators = append(iterators, it)
	k.links = iterators
	return nil
}

func passedOn(program *ebpf.Program, each func(*link.Iter)) error {
	var iterators []*link.Iter
	it, err := link.AttachIter(link.IterOptions{Program: program})
	if err != nil {
		return err
	}
	iterators = append(iterators, it)
	for _, it := range iterators {
		each(it)
	}
	return nil
}

func read(number int) error {
	return nil
}
