#![no_std]

pub fn count(bytes: u64) {
    tables::sent::add(bytes);
}
