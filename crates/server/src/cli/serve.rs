//! `royal serve`

use super::Exit;
use crate::config::Settings;
use crate::serve::start;
use tokio::signal::unix::{SignalKind, signal};

pub(super) async fn run(settings: Settings) -> Result<(), Exit> {
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
