// Looks for a program among those of an interface and forgets the list that it looked through.
#include <errno.h>
#include <string.h>
#include <bpf/libbpf.h>

struct xdp_multiprog;
struct xdp_program;
struct xdp_multiprog *xdp_multiprog__get_from_ifindex(int ifindex);
struct xdp_program *xdp_multiprog__next_prog(const struct xdp_program *prog, const struct xdp_multiprog *mp);
const char *xdp_program__name(const struct xdp_program *prog);
void xdp_multiprog__close(struct xdp_multiprog *mp);
long libxdp_get_error(const void *pointer);

int is_attached(int ifindex, const char *name)
{
	struct xdp_multiprog *programs = xdp_multiprog__get_from_ifindex(ifindex); /* want BPF301 "call xdp_multiprog__close on every path" */
	struct xdp_program *program = NULL;

	if (libxdp_get_error(programs))
		return 0;
	while ((program = xdp_multiprog__next_prog(program, programs)))
		if (!strcmp(xdp_program__name(program), name))
			return 1;
	return 0;
}
