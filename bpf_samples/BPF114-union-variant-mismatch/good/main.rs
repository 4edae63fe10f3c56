use aya::maps::perf::AsyncPerfEventArray;
use aya::{util::online_cpus, Ebpf};
use bytes::BytesMut;

#[repr(C)]
#[derive(Clone, Copy)]
enum Payload {
    Opened { inode: u64, flags: u32 },
    Exited { code: i32 },
}

#[repr(C)]
#[derive(Clone, Copy)]
struct Event {
    ts: u64,
    pid: u32,
    payload: Payload,
}

async fn watch(bpf: &mut Ebpf) -> Result<(), Box<dyn std::error::Error>> {
    let mut events = AsyncPerfEventArray::try_from(bpf.take_map("events").unwrap())?;
    for cpu in online_cpus().unwrap() {
        let mut reader = events.open(cpu, None)?;
        tokio::spawn(async move {
            let mut buffers = vec![BytesMut::with_capacity(1024)];
            let got = reader.read_events(&mut buffers).await.unwrap();
            for buffer in buffers.iter().take(got.read) {
                if buffer.len() < std::mem::size_of::<Event>() {
                    continue;
                }
                let event = unsafe { std::ptr::read_unaligned(buffer.as_ptr() as *const Event) };
                match event.payload {
                    Payload::Opened { inode, .. } => println!("{inode}"),
                    Payload::Exited { code } => println!("{code}"),
                }
            }
        });
    }
    Ok(())
}
