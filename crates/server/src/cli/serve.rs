//! `royal serve`

use super::Exit;
use crate::config::{Role, Settings};
use crate::serve::start;
use tokio::signal::unix::{SignalKind, signal};

#[derive(Debug, Default, clap::Args)]
pub(super) struct Args {
    /// What this process does, in place of ROLE; several processes need PostgreSQL
    #[arg(long, value_enum)]
    role: Option<Role>,
}

pub(super) async fn run(mut settings: Settings, args: Args) -> Result<(), Exit> {
    settings.replicas.role = args.role.unwrap_or(settings.replicas.role);
    let unhandled = |e: std::io::Error| Exit::defect(format!("signals cannot be handled: {e}"));
    let mut terminate = signal(SignalKind::terminate()).map_err(unhandled)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(unhandled)?;
    crate::memory::keep_private();
    let running = start(settings).await?;
    eprintln!("listening on {}", running.url());
    if let Some(code) = running.setup_code() {
        eprintln!("set-up code: {code}");
    }
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    eprintln!("stopping");
    tokio::select! {
        () = running.stop() => {}
        // Whoever asks twice does not want to wait; what was accepted is on the disk.
        _ = interrupt.recv() => eprintln!("stopped at once"),
    }
    Ok(())
}
