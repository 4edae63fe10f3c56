// The map that is read here stands in a library which the program's crate takes from a third one.
use aya::{include_bytes_aligned, maps::HashMap, Ebpf};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let limit = libc::rlimit { rlim_cur: libc::RLIM_INFINITY, rlim_max: libc::RLIM_INFINITY };
    unsafe { libc::setrlimit(libc::RLIMIT_MEMLOCK, &limit) };
    let bpf = Ebpf::load(include_bytes_aligned!(concat!(env!("OUT_DIR"), "/probes")))?;
    let bytes: HashMap<_, u32, u64> = HashMap::try_from(bpf.map("SENT_BYTES").unwrap())?;
    let seen: HashMap<_, u32, u64> = HashMap::try_from(bpf.map("SEEN").unwrap())?;
    let sockets = bpf.map("SOCKETS").is_some();
    println!("{} {} {sockets}", bytes.get(&1, 0)?, seen.get(&1, 0)?);
    Ok(())
}
