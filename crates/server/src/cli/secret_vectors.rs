//! `royal secrets vectors`: known-answer tests over stdin and stdout, apart from the store's data.

use super::Exit;
use crate::compose::Vectors;
use std::io::{BufRead as _, Write as _};

pub(super) fn run() -> Result<(), Exit> {
    let mut vectors = Vectors::new().map_err(|e| Exit::unavailable(e.to_string()))?;
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let line = line.map_err(|e| Exit::usage(format!("stdin cannot be read: {e}")))?;
        if line.trim().is_empty() {
            continue;
        }
        let written = writeln!(out, "{}", vectors.answer(&line)).and_then(|()| out.flush());
        match written {
            Ok(()) => {}
            // Whoever asked has heard enough.
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => return Ok(()),
            Err(error) => return Err(Exit::defect(format!("stdout cannot be written: {error}"))),
        }
    }
    Ok(())
}
