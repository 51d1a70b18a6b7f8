//! The browser application is embedded from `frontend/dist`; without it there is a page that says how to build it.

use std::path::Path;

fn main() {
    let dist = Path::new("../../frontend/dist");
    // A folder that is not there would make Cargo run this, and build the crate, every time.
    if let Err(error) = std::fs::create_dir_all(dist) {
        println!(
            "cargo:warning={} cannot be created: {error}",
            dist.display()
        );
    }
    println!("cargo:rerun-if-changed={}", dist.display());
}
