//! Chores of the workspace. The checks that hold its shape are this crate's tests.

fn main() {}
