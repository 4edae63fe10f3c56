use libbpf_rs::{Error, Link, Object, TcHook};

struct Tracer {
    link: Option<Link>,
    links: Vec<Link>,
}

impl Tracer {
    fn attach(&mut self, object: &mut Object) -> Result<(), Error> {
        self.link = object.prog_mut("on_exec").unwrap().attach()?.into();
        let link = object.prog_mut("on_exit").unwrap().attach()?;
        self.links.push(link);
        let _kept = object.prog_mut("on_open").unwrap().attach()?;
        Ok(())
    }
}

// A skeleton keeps its links, a hook has none.
fn skeleton(skel: &mut ProbeSkel, hook: &mut TcHook) -> Result<(), Error> {
    skel.attach()?;
    hook.attach()?;
    Ok(())
}

fn single(object: &mut Object) -> Result<Link, Error> {
    Ok(object.prog_mut("on_exec").unwrap().attach()?)
}

// Functions and methods of our own put the links away themselves, whatever they are called.
fn attach_kprobe_pair(skel: &mut ProbeSkel) -> Result<(), Error> {
    skel.links.on_enter = Some(skel.progs.on_enter.attach_kprobe(false, "do_exit")?);
    skel.links.on_leave = Some(skel.progs.on_leave.attach_kprobe(true, "do_exit")?);
    Ok(())
}

impl Tracer {
    fn attach_xdp(&mut self, object: &mut Object) -> Result<(), Error> {
        self.links.push(object.prog_mut("on_packet").unwrap().attach_xdp(2)?);
        Ok(())
    }

    fn start(&mut self, object: &mut Object, skel: &mut ProbeSkel) -> Result<(), Error> {
        attach_kprobe_pair(skel)?;
        self.attach_xdp(object)?;
        Ok(())
    }
}
