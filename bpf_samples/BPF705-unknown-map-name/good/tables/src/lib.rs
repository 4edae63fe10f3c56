#![no_std]

pub mod sent;
