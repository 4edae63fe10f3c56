use aya::{include_bytes_aligned, programs::Xdp, Bpf};

fn main() -> anyhow::Result<()> {
    let all = libc::rlimit { rlim_cur: libc::RLIM_INFINITY, rlim_max: libc::RLIM_INFINITY };
    unsafe { libc::setrlimit(libc::RLIMIT_MEMLOCK, &all) };
    let mut bpf = Bpf::load(include_bytes_aligned!("../dispatcher.bpf.o"))?;
    let dispatcher: &mut Xdp = bpf.program_mut("dispatch").unwrap().try_into()?; // want BPF706 "defines no program `dispatch`"
    dispatcher.load()?;
    Ok(())
}
