mod limit;

use anyhow::Context;
use aya::programs::{Xdp, XdpFlags};
use aya::EbpfLoader;

fn main() -> anyhow::Result<()> {
    limit::raise()?;
    let mut bpf = EbpfLoader::new()
        .load_file("dropper.bpf.o")
        .context("load dropper.bpf.o")?;
    let program: &mut Xdp = bpf.program_mut("dropper").context("no program")?.try_into()?;
    program.load()?;
    let link = program.attach("eth0", XdpFlags::default())?;
    std::thread::park();
    program.detach(link)?;
    Ok(())
}
