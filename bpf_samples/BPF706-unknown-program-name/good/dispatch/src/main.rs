use aya::{include_bytes_aligned, programs::Xdp, Bpf};

fn main() -> anyhow::Result<()> {
    let all = libc::rlimit { rlim_cur: libc::RLIM_INFINITY, rlim_max: libc::RLIM_INFINITY };
    unsafe { libc::setrlimit(libc::RLIMIT_MEMLOCK, &all) };
    let mut bpf = Bpf::load(include_bytes_aligned!("../dispatcher.bpf.o"))?;
    let by_section: &mut Xdp = bpf.program_mut("dispatcher").unwrap().try_into()?;
    by_section.load()?;
    let by_function: &mut Xdp = bpf.program_mut("xdp_dispatcher").unwrap().try_into()?;
    by_function.load()?;
    Ok(())
}
