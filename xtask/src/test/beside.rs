//! A step that goes on while others run: its output is kept, and said when it has ended.
use std::{
    process::Command,
    sync::{Arc, Mutex, PoisonError},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use anyhow::{Result, anyhow, ensure};

use crate::process::{Running, say};

type Lines = Arc<Mutex<Vec<String>>>;

#[derive(Debug)]
pub(super) struct Beside {
    name: String,
    lines: Lines,
    /// Until it is waited for.
    waits: Option<JoinHandle<(Duration, Result<()>)>>,
}

impl Drop for Beside {
    /// Whoever waits for the child makes it stop when everything has to, and must not be left alone with that.
    fn drop(&mut self) {
        if let Some(waits) = self.waits.take() {
            let _ = waits.join();
        }
    }
}

impl Beside {
    pub(super) fn start(command: &mut Command, name: &str) -> Result<Self> {
        let begun = Instant::now();
        let lines = Lines::default();
        let sink = Arc::clone(&lines);
        let running = Running::start_reading(command, name, move |line| {
            let mut lines = sink.lock().unwrap_or_else(PoisonError::into_inner);
            lines.push(line.to_owned());
        })?;
        let whose = name.to_owned();
        let waits = thread::spawn(move || {
            let ended = running.wait().and_then(|status| {
                ensure!(status.success(), "{whose} failed ({status})");
                Ok(())
            });
            (begun.elapsed(), ended)
        });
        Ok(Self {
            name: name.to_owned(),
            lines,
            waits: Some(waits),
        })
    }

    /// Waits for its end: how long it took, and whether it succeeded.
    pub(super) fn end(mut self) -> (Duration, Result<()>) {
        let ended = self.waits.take().map(JoinHandle::join);
        let lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        for line in lines.iter() {
            say(line);
        }
        match ended {
            Some(Ok(ended)) => ended,
            _ => {
                let lost = anyhow!("{}: how it ended is not known", self.name);
                (Duration::ZERO, Err(lost))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn it_goes_on_by_itself_and_its_end_is_told() {
        let good = Beside::start(&mut shell("echo a; echo b >&2"), "good").unwrap();
        let bad = Beside::start(&mut shell("exit 3"), "bad").unwrap();
        let lines = Arc::clone(&good.lines);
        assert!(good.end().1.is_ok());
        let mut lines = lines.lock().unwrap().clone();
        lines.sort();
        assert_eq!(lines, ["a", "b"]);
        let error = bad.end().1.unwrap_err().to_string();
        assert!(error.starts_with("bad failed"), "{error}");
    }
}
