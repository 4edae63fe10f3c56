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
