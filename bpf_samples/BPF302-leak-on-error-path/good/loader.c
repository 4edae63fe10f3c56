#include <bpf/libbpf.h>

struct probe_bpf;
struct probe_bpf *probe_bpf__open(void);
int probe_bpf__load(struct probe_bpf *skel);
int probe_bpf__attach(struct probe_bpf *skel);
void probe_bpf__destroy(struct probe_bpf *skel);

static void release(struct probe_bpf **skel)
{
	probe_bpf__destroy(*skel);
}

/* every path goes through cleanup; destroying NULL is fine */
int run(int seconds)
{
	struct probe_bpf *skel = NULL;
	int err = 1;

	if (seconds < 0)
		goto cleanup;
	skel = probe_bpf__open();
	if (!skel)
		goto cleanup;
	err = probe_bpf__load(skel);
	if (err)
		goto cleanup;
	err = probe_bpf__attach(skel);
cleanup:
	probe_bpf__destroy(skel);
	return err;
}

/* the compiler releases it */
int run_scoped(void)
{
	struct probe_bpf *skel __attribute__((cleanup(release))) = probe_bpf__open();

	if (!skel)
		return 1;
	return probe_bpf__load(skel);
}

/* success hands it over, failure destroys it */
struct probe_bpf *start(void)
{
	struct probe_bpf *skel = probe_bpf__open();

	if (!skel)
		return NULL;
	if (probe_bpf__load(skel)) {
		probe_bpf__destroy(skel);
		return NULL;
	}
	return skel;
}

#define CHECK(condition, text) ({		\
	int __ret = !!(condition);		\
	if (__ret)				\
		printf("%s\n", text);		\
	__ret;					\
})

int printf(const char *format, ...);

/* the test for NULL hides in a macro's own variable */
int run_checked(void)
{
	struct probe_bpf *skel = probe_bpf__open();
	int err;

	if (CHECK(!skel, "open failed"))
		return 1;
	err = probe_bpf__load(skel);
	probe_bpf__destroy(skel);
	return err;
}

/* which way of an unknown check is the failure cannot be told */
int run_unknown(void)
{
	struct probe_bpf *skel = probe_bpf__open();
	int err;

	if (ASSERTED(!skel, "open failed"))
		return 1;
	err = probe_bpf__load(skel);
	probe_bpf__destroy(skel);
	return err;
}
