package probe

import (
	"bytes"
	"encoding/binary"

	"github.com/iovisor/gobpf/bcc"
)

const source = `
#include <linux/skbuff.h>

struct queue_data {
    u64 bytes;
    u64 packets;
};

BPF_HASH(received, u16, struct queue_data, 64);

int on_receive(struct pt_regs *ctx, struct sk_buff *skb)
{
    u16 queue = skb->queue_mapping;
    struct queue_data zero = {}, *data = received.lookup_or_try_init(&queue, &zero);

    if (data) {
        lock_xadd(&data->bytes, skb->len);
        lock_xadd(&data->packets, 1);
    }
    return 0;
}
`

// queueData is the struct of the text above.
type queueData struct {
	Bytes   uint64
	Packets uint64
}

func total() (packets uint64, err error) {
	module := bcc.NewModule(source, []string{})
	defer module.Close()
	table := bcc.NewTable(module.TableId("received"), module)
	for queues := table.Iter(); queues.Next(); {
		var data queueData
		if err = binary.Read(bytes.NewBuffer(queues.Leaf()), bcc.GetHostByteOrder(), &data); err != nil {
			return
		}
		packets += data.Packets
	}
	return
}
