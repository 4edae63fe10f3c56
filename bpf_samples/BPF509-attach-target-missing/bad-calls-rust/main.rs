use aya::programs::{KProbe, TracePoint};
use aya::Ebpf;

fn main() -> anyhow::Result<()> {
    let limit = libc::rlimit { rlim_cur: libc::RLIM_INFINITY, rlim_max: libc::RLIM_INFINITY };
    unsafe { libc::setrlimit(libc::RLIMIT_MEMLOCK, &limit) };
    let mut ebpf = Ebpf::load_file("send.bpf.o")?;
    let on_send: &mut KProbe = ebpf.program_mut("on_send").unwrap().try_into()?;
    on_send.load()?;
    on_send.attach("tcp_sendpage", 0)?; // want BPF509 "`tcp_sendpage` is not in the BTF of Linux 7.3"
    let on_page: &mut TracePoint = ebpf.program_mut("on_page").unwrap().try_into()?;
    on_page.load()?;
    on_page.attach("writeback", "writeback_dirty_page")?; // want BPF509 "tracepoint `writeback/writeback_dirty_page` does not exist"
    std::thread::park();
    Ok(())
}
