use aya::maps::HashMap;

fn block(bpf: &mut aya::Ebpf, address: u32) -> anyhow::Result<()> {
    let mut blocked: HashMap<_, u32, u64> = HashMap::try_from(bpf.map_mut("blocked").unwrap())?;
    let _ = blocked.insert(address, 1, 0); // want BPF604 "the error of insert() is dropped"
    blocked.insert(address, 1, 0).ok(); // want BPF604 "insert()"
    Ok(())
}
