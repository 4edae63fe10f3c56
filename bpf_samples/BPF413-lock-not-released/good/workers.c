#include <errno.h>
#include <pthread.h>
#include <bpf/bpf.h>

struct worker {
	pthread_mutex_t lock;
	int map;
	unsigned long long seen;
};

/* What could not be locked needs no unlock. */
int look(struct worker *worker, unsigned int key)
{
	unsigned long long value = 0;
	int err;

	err = pthread_mutex_lock(&worker->lock);
	if (err)
		return -err;
	err = bpf_map_lookup_elem(worker->map, &key, &value);
	worker->seen += value;
	pthread_mutex_unlock(&worker->lock);
	return err;
}

int forget(struct worker *worker, unsigned int key)
{
	int err;

	if (pthread_mutex_lock(&worker->lock))
		return -EDEADLK;
	err = bpf_map_delete_elem(worker->map, &key);
	worker->seen = 0;
	pthread_mutex_unlock(&worker->lock);
	return err;
}

int both(struct worker *worker, unsigned int from, unsigned int to)
{
	unsigned long long value = 0;
	int err = 0;

	while (from < to) {
		int locked = pthread_mutex_lock(&worker->lock);

		if (locked != 0) {
			err = -locked;
			break;
		}
		if (bpf_map_lookup_elem(worker->map, &from, &value) == 0)
			worker->seen += value;
		pthread_mutex_unlock(&worker->lock);
		from++;
	}
	return err;
}
