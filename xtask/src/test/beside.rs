//! A step that goes on while others run, and lets them go first: its output is kept, and said when it has ended.
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
    /// One command after the other, up to the first that fails.
    pub(super) fn start(commands: Vec<Command>, name: &str) -> Self {
        let (begun, lines) = (Instant::now(), Lines::default());
        let (sink, whose) = (Arc::clone(&lines), name.to_owned());
        let waits = thread::spawn(move || {
            let mut commands = commands.into_iter();
            let ended = commands.try_for_each(|command| kept(command, &whose, &sink));
            (begun.elapsed(), ended)
        });
        Self {
            name: name.to_owned(),
            lines,
            waits: Some(waits),
        }
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

fn kept(command: Command, name: &str, lines: &Lines) -> Result<()> {
    let sink = Arc::clone(lines);
    let running = Running::start_reading(&mut last_of_all(&command), name, move |line| {
        let mut lines = sink.lock().unwrap_or_else(PoisonError::into_inner);
        lines.push(line.to_owned());
    })?;
    let status = running.wait()?;
    ensure!(status.success(), "{name} failed ({status})");
    Ok(())
}

/// The same command, for what the others leave of the processors.
fn last_of_all(command: &Command) -> Command {
    let mut nice = Command::new("nice");
    nice.args(["-n", "19"])
        .arg(command.get_program())
        .args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => nice.env(name, value),
            None => nice.env_remove(name),
        };
    }
    if let Some(folder) = command.get_current_dir() {
        nice.current_dir(folder);
    }
    nice
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
    fn it_is_the_same_command_behind_the_others() {
        let mut wanted = shell("nice; pwd; echo $A$USER");
        wanted.env("A", "a").env_remove("USER").current_dir("/usr");
        let step = Beside::start(vec![wanted], "t");
        let lines = Arc::clone(&step.lines);
        assert!(step.end().1.is_ok());
        assert_eq!(*lines.lock().unwrap(), ["19", "/usr", "a"]);
    }

    #[test]
    fn it_goes_on_by_itself_and_its_end_is_told() {
        let good = Beside::start(vec![shell("echo a"), shell("echo b >&2")], "good");
        let bad = Beside::start(vec![shell("exit 3"), shell("echo c")], "bad");
        let (of_good, of_bad) = (Arc::clone(&good.lines), Arc::clone(&bad.lines));
        assert!(good.end().1.is_ok());
        assert_eq!(*of_good.lock().unwrap(), ["a", "b"]);
        let error = bad.end().1.unwrap_err().to_string();
        assert!(error.starts_with("bad failed"), "{error}");
        assert!(of_bad.lock().unwrap().is_empty());
    }
}
