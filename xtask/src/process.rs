//! Children that always end: each runs in a process group of its own, is asked to stop and then made to
//! (SIGKILL) when its guard is dropped, be that at the end, on an error or on Ctrl-C. Knows nothing of what they do.
use std::{
    io::{BufRead, BufReader, Read, Write},
    os::unix::process::CommandExt,
    process::{Child, Command, ExitStatus, Stdio},
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, anyhow, bail};
use rustix::process::{Pid, Signal, kill_process_group};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

const POLL: Duration = Duration::from_millis(25);
/// How long a child may take to stop by itself.
const GRACE: Duration = Duration::from_secs(15);

static STOP: OnceLock<Arc<AtomicBool>> = OnceLock::new();

/// From here on the first SIGINT, SIGTERM or SIGHUP ends every wait below with an error, so that the guards run; the
/// second one ends the program at once.
pub(crate) fn listen_for_signals() -> Result<()> {
    let stop = STOP.get_or_init(Arc::default);
    for signal in [SIGINT, SIGTERM, SIGHUP] {
        signal_hook::flag::register_conditional_shutdown(signal, 130, Arc::clone(stop))?;
        signal_hook::flag::register(signal, Arc::clone(stop))?;
    }
    Ok(())
}

pub(crate) fn interrupted() -> bool {
    STOP.get().is_some_and(|stop| stop.load(Ordering::SeqCst))
}

/// Sleeps between two looks at a condition; an error once the user asked to stop.
pub(crate) fn pause() -> Result<()> {
    if interrupted() {
        bail!("interrupted");
    }
    thread::sleep(POLL);
    Ok(())
}

/// A running child and the threads that read its output.
#[derive(Debug)]
pub(crate) struct Running {
    name: String,
    child: Child,
    readers: Vec<JoinHandle<()>>,
    stop: Signal,
}

impl Running {
    /// Starts it with its output going where ours goes.
    pub(crate) fn start(command: &mut Command, name: &str) -> Result<Self> {
        let child = command
            .stdin(Stdio::null())
            .process_group(0)
            .spawn()
            .with_context(|| {
                format!("{name}: could not be started ({:?})", command.get_program())
            })?;
        Ok(Self {
            name: name.to_owned(),
            child,
            readers: Vec::new(),
            stop: Signal::TERM,
        })
    }

    /// For a child that wants to be asked by another signal than SIGTERM.
    pub(crate) fn stopping_with(mut self, stop: Signal) -> Self {
        self.stop = stop;
        self
    }

    /// Starts it and hands each line of its output to `line`.
    pub(crate) fn start_reading(
        command: &mut Command,
        name: &str,
        line: impl Fn(&str) + Send + Sync + 'static,
    ) -> Result<Self> {
        let mut running = Self::start(command.stdout(Stdio::piped()).stderr(Stdio::piped()), name)?;
        let line = Arc::new(line);
        if let Some(out) = running.child.stdout.take() {
            running.readers.push(read_lines(out, Arc::clone(&line)));
        }
        if let Some(err) = running.child.stderr.take() {
            running.readers.push(read_lines(err, line));
        }
        Ok(running)
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// How it ended, when it did.
    pub(crate) fn ended(&mut self) -> Result<Option<ExitStatus>> {
        self.child.try_wait().with_context(|| self.name.clone())
    }

    /// Waits for the end of the child and of its output.
    pub(crate) fn wait(mut self) -> Result<ExitStatus> {
        loop {
            if let Some(status) = self.ended()? {
                for reader in self.readers.drain(..) {
                    reader
                        .join()
                        .map_err(|_| anyhow!("{}: its output could not be read", self.name))?;
                }
                return Ok(status);
            }
            pause()?;
        }
    }

    fn signal_group(&self, signal: Signal) {
        if let Some(group) = i32::try_from(self.id()).ok().and_then(Pid::from_raw) {
            // The group may be gone already: that is what we want.
            let _ = kill_process_group(group, signal);
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let started = Instant::now();
        if matches!(self.child.try_wait(), Ok(None)) {
            self.signal_group(self.stop);
        }
        while matches!(self.child.try_wait(), Ok(None)) && started.elapsed() < GRACE {
            thread::sleep(POLL);
        }
        // Whatever it left behind in its group, and itself when it did not listen.
        self.signal_group(Signal::KILL);
        let _ = self.child.wait();
    }
}

/// Runs a step to its end with its output on ours; an error names the step and how it ended.
pub(crate) fn run(command: &mut Command, name: &str) -> Result<()> {
    let status = Running::start(command, name)?.wait()?;
    if status.success() {
        Ok(())
    } else {
        bail!("{name} failed ({status})")
    }
}

fn read_lines<R, F>(from: R, line: Arc<F>) -> JoinHandle<()>
where
    R: Read + Send + 'static,
    F: Fn(&str) + Send + Sync + 'static,
{
    thread::spawn(move || {
        let mut from = BufReader::new(from);
        let mut bytes = Vec::new();
        while from.read_until(b'\n', &mut bytes).is_ok_and(|n| n > 0) {
            line(String::from_utf8_lossy(&bytes).trim_end_matches(['\n', '\r']));
            bytes.clear();
        }
    })
}

/// One whole line on the terminal, also while several threads print. A closed pipe is no reason to stop.
pub(crate) fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{line}");
    let _ = out.flush();
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn lines_of_both_outputs_are_read() {
        let lines = Arc::new(Mutex::new(Vec::new()));
        let sink = Arc::clone(&lines);
        let running =
            Running::start_reading(&mut shell("echo a; echo b >&2; exit 3"), "t", move |l| {
                sink.lock().unwrap().push(l.to_owned());
            })
            .unwrap();
        assert_eq!(running.wait().unwrap().code(), Some(3));
        let mut seen = lines.lock().unwrap().clone();
        seen.sort();
        assert_eq!(seen, ["a", "b"]);
    }

    #[test]
    fn a_dropped_child_takes_its_own_children_with_it() {
        let pid = Arc::new(Mutex::new(None));
        let sink = Arc::clone(&pid);
        let running =
            Running::start_reading(&mut shell("sleep 600 & echo $!; wait"), "t", move |l| {
                *sink.lock().unwrap() = l.parse::<i32>().ok();
            })
            .unwrap();
        let grandchild = loop {
            if let Some(pid) = *pid.lock().unwrap() {
                break Pid::from_raw(pid).unwrap();
            }
            thread::yield_now();
        };
        drop(running);
        // An orphan is a zombie until init reaps it, which a container's init may never do: ask for its state.
        let stat = format!("/proc/{}/stat", grandchild.as_raw_nonzero());
        let alive = || std::fs::read_to_string(&stat).is_ok_and(|s| !s.contains(") Z"));
        let deadline = Instant::now() + GRACE;
        while alive() {
            assert!(Instant::now() < deadline, "the grandchild still runs");
            thread::yield_now();
        }
    }
}
