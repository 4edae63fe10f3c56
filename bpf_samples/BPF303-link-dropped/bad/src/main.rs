use libbpf_rs::{Error, Object};

fn attach(object: &mut Object) -> Result<(), Error> {
    object.prog_mut("on_exec").unwrap().attach()?; // want BPF303 "it is dropped here, and the program is detached at once"
    let _ = object.prog_mut("on_exit").unwrap().attach_kprobe(false, "do_exit")?; // want BPF303 "the link from attach_kprobe() is kept nowhere"
    object.prog_mut("on_open").unwrap().attach().unwrap(); // want BPF303 "the link from attach() is kept nowhere"
    Ok(())
}
