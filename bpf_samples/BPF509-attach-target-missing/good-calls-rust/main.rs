use aya::programs::{KProbe, TracePoint};
use aya::Ebpf;

fn main() -> anyhow::Result<()> {
    let limit = libc::rlimit { rlim_cur: libc::RLIM_INFINITY, rlim_max: libc::RLIM_INFINITY };
    unsafe { libc::setrlimit(libc::RLIMIT_MEMLOCK, &limit) };
    let mut ebpf = Ebpf::load_file("send.bpf.o")?;
    let on_send: &mut KProbe = ebpf.program_mut("on_send").unwrap().try_into()?;
    on_send.load()?;
    if on_send.attach("tcp_sendpage", 0).is_err() {
        on_send.attach("tcp_sendmsg", 0)?;
    }
    let on_page: &mut TracePoint = ebpf.program_mut("on_page").unwrap().try_into()?;
    on_page.load()?;
    on_page.attach("sched", "sched_switch")?;
    std::thread::park();
    Ok(())
}
