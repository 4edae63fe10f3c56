// Opens the programs of both sides of a device, and one of them leaks where the other cannot be had.
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>
#include <bpf/bpf.h>

struct xdp_program;
struct xdp_program *xdp_program__open_file(const char *file, const char *section, void *opts);
int xdp_program__attach(struct xdp_program *program, int ifindex, int mode, unsigned int flags);
void xdp_program__close(struct xdp_program *program);
long libxdp_get_error(const void *pointer);

struct both { int driver, hardware; };
struct both *take(int driver, int hardware);

int attach(int ifindex, int mode)
{
	struct xdp_program *program = xdp_program__open_file("drop.o", "xdp", NULL); /* want BPF302 "`program` from xdp_program__open_file() stays open on the path that leaves at line 23" */

	if (libxdp_get_error(program))
		return -EINVAL;
	if (mode < 0)
		return -EINVAL;
	if (xdp_program__attach(program, ifindex, mode, 0)) {
		xdp_program__close(program);
		return -EBUSY;
	}
	xdp_program__close(program);
	return 0;
}

struct both *open_both(unsigned int id, unsigned int hardware_id)
{
	int hardware = 0, driver = 0;

	if (id)
		driver = bpf_prog_get_fd_by_id(id); /* want BPF302 "`driver` from bpf_prog_get_fd_by_id() and `hardware` stay open on the path that leaves at line 41" */
	if (hardware_id)
		hardware = bpf_prog_get_fd_by_id(hardware_id);
	if (driver < 0 || hardware < 0)
		return NULL;
	return take(driver, hardware);
}
