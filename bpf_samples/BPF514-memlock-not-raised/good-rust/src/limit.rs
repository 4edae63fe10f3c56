use std::io;

/// Lifts the limit on locked memory.
pub fn raise() -> io::Result<()> {
    let all = libc::rlimit { rlim_cur: libc::RLIM_INFINITY, rlim_max: libc::RLIM_INFINITY };
    if unsafe { libc::setrlimit(libc::RLIMIT_MEMLOCK, &all) } != 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(())
}
