//! The event of this chapter, which has a result besides: the same name, another type.
#![no_std]

pub const COMM_LEN: usize = 16;

#[repr(C)]
#[derive(Clone, Copy)]
pub struct CallEvent {
    pub pid: u32,
    pub uid: u32,
    pub ret: i32,
    pub comm: [u8; COMM_LEN],
}

// SAFETY: numbers only, without padding.
#[cfg(feature = "user")]
unsafe impl aya::Pod for CallEvent {}
