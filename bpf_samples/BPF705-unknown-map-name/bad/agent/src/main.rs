// Two programs are built from one crate; the one that is loaded has no map of that name.
use aya::{include_bytes_aligned, maps::HashMap, Ebpf};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let limit = libc::rlimit { rlim_cur: libc::RLIM_INFINITY, rlim_max: libc::RLIM_INFINITY };
    unsafe { libc::setrlimit(libc::RLIMIT_MEMLOCK, &limit) };
    let bpf = Ebpf::load(include_bytes_aligned!(concat!(env!("OUT_DIR"), "/sent")))?;
    let bytes: HashMap<_, u32, u64> = HashMap::try_from(bpf.map("RECEIVED_BYTES").unwrap())?; // want BPF705 "RECEIVED_BYTES"
    println!("{}", bytes.get(&1, 0)?);
    Ok(())
}
