#include <errno.h>
#include <pthread.h>
#include <bpf/bpf.h>

struct worker {
	pthread_mutex_t lock;
	int map;
	unsigned long long seen;
};

int look(struct worker *worker, unsigned int key)
{
	unsigned long long value = 0;
	int err;

	err = pthread_mutex_lock(&worker->lock); // want BPF413 "`worker.lock` is still locked on the path"
	if (err)
		return -err;
	if (bpf_map_lookup_elem(worker->map, &key, &value))
		return -ENOENT;
	worker->seen += value;
	pthread_mutex_unlock(&worker->lock);
	return 0;
}
