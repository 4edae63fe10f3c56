use anyhow::Context;
use aya::programs::{Xdp, XdpFlags};
use aya::EbpfLoader;

fn main() -> anyhow::Result<()> {
    let mut bpf = EbpfLoader::new() // want BPF514 "aya::EbpfLoader::new() takes memory that kernels before 5.11 count"
        .load_file("dropper.bpf.o")
        .context("load dropper.bpf.o")?;
    let program: &mut Xdp = bpf.program_mut("dropper").context("no program")?.try_into()?;
    program.load()?;
    let link = program.attach("eth0", XdpFlags::default())?;
    std::thread::park();
    program.detach(link)?;
    Ok(())
}
