// What a missing header hides, and what sets a variable without an assignment.
#include <bpf/bpf.h>
#include <stdio.h>
#include "generated-messages.pb-c.h"

struct node { struct node *next; int value; };

#define each(pos, head) for (pos = (typeof(pos))(head); pos; pos = pos->next)

int restore(int map_fd, struct node *list, int argc)
{
	unsigned long address, total = 0;
	void *previous = NULL;
	unsigned int key;
	struct node *pos;
	int sent, first;
	int unused = unused;
	char *end;

	while (!bpf_map_get_next_key(map_fd, previous, &key)) {
		if (previous)
			printf("%d\n", first);
		first = (int)key;
		previous = &key;
	}
	each(pos, list)
		total += (unsigned long)pos->value;
	if (argc > 1)
		sent = 1;
	else
		sent = 2;
	READ_MESSAGE(end);
	(void)unused;
	asm volatile("" : "=r"(address));
	return sscanf(end, "0x%lx", &address) ? (int)(address + total) : sent;
}
