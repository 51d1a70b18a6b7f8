//! `royal`: installs what a process has once, then hands over to the command line.

use std::process::ExitCode;

fn main() -> ExitCode {
    // One provider of TLS for everything; a second installation in one process would be a defect without consequence.
    let _ = rustls::crypto::ring::default_provider().install_default();
    server::cli::main()
}
