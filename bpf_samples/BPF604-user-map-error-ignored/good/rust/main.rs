use aya::maps::HashMap;

fn block(bpf: &mut aya::Ebpf, address: u32) -> anyhow::Result<()> {
    let mut blocked: HashMap<_, u32, u64> = HashMap::try_from(bpf.map_mut("blocked").unwrap())?;
    blocked.insert(address, 1, 0)?;
    blocked.insert(address, 1, 0).unwrap();
    if let Err(error) = blocked.insert(address, 2, 0) {
        println!("{error}");
    }
    let _ = blocked.remove(&address);
    let mut names = std::collections::HashMap::new();
    let _ = names.insert(1, 2);
    Ok(())
}
