//! What failed, kept while the runners print it and said again at the end: in a log of an hour, the end is what is read.
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

use crate::process::say;

/// How much is kept of one failure, in lines.
const OF_ONE: usize = 25;
/// How much is kept of all, in lines.
const OF_ALL: usize = 400;

static KEPT: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Reads one runner's output: libtest's section `failures:` and the `not ok` of TAP, each with the reason under it.
#[derive(Debug, Default)]
pub(super) struct Watch {
    in_section: bool,
    left: usize,
}

impl Watch {
    pub(super) fn line(&mut self, line: &str) {
        if self.keeps(line) {
            keep(line);
        }
    }

    fn keeps(&mut self, line: &str) -> bool {
        let text = line.trim_start();
        if line == "failures:" {
            // The second one of a binary lists only names, which the first one had.
            self.in_section = !self.in_section;
            self.left = 0;
            return false;
        }
        if text.starts_with("test result: ") || text == "..." {
            self.in_section = false;
            self.left = 0;
            return false;
        }
        let begins = self.in_section && text.starts_with("---- ") || text.starts_with("not ok ");
        if begins {
            self.left = OF_ONE;
        }
        let kept = self.left > 0 && !text.is_empty();
        if kept {
            self.left -= 1;
        }
        kept
    }
}

/// Something that failed as a whole, or that no runner names.
pub(crate) fn keep(line: &str) {
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if kept.len() < OF_ALL {
        kept.push(line.to_owned());
    }
}

/// The failed tests of Vitest's JSON report, each with the first line of its reason.
pub(super) fn keep_of_vitest(report: &Value) {
    for line in of_vitest(report) {
        keep(&line);
    }
}

fn of_vitest(report: &Value) -> Vec<String> {
    let files = report["testResults"].as_array().into_iter().flatten();
    let tests = files.flat_map(|file| file["assertionResults"].as_array().into_iter().flatten());
    tests
        .filter(|test| test["status"] == "failed")
        .map(|test| {
            let name = test["fullName"].as_str().unwrap_or("a test without a name");
            let reason = test["failureMessages"][0].as_str().unwrap_or_default();
            format!("{name}: {}", reason.lines().next().unwrap_or_default())
        })
        .collect()
}

/// Says all that was kept, once.
pub(crate) fn say_again() {
    let kept = std::mem::take(&mut *KEPT.lock().unwrap_or_else(PoisonError::into_inner));
    if kept.is_empty() {
        return;
    }
    say("\n── what failed");
    for line in kept {
        say(&line);
    }
    say("");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(text: &str) -> Vec<&str> {
        let mut watch = Watch::default();
        text.lines().filter(|line| watch.keeps(line)).collect()
    }

    #[test]
    fn libtest_tells_the_reason_under_the_name() {
        let text = "running 2 tests\ntest a ... ok\ntest ads::b ... FAILED\n\nfailures:\n\n---- ads::b stdout ----\n\n\
            thread 'ads::b' panicked at it/ads.rs:7:\nleft: 1\n\nfailures:\n    ads::b\n\n\
            test result: FAILED. 1 passed; 1 failed; 0 ignored\n\nrunning 1 test\ntest c ... ok";
        let expected = [
            "---- ads::b stdout ----",
            "thread 'ads::b' panicked at it/ads.rs:7:",
            "left: 1",
        ];
        assert_eq!(kept(text), expected);
    }

    #[test]
    fn tap_tells_the_reason_until_its_block_ends() {
        let text = "# Subtest: a\n    ok 1 - x\n    not ok 2 - y\n      ---\n      error: 'late'\n      ...\n    1..2\nok 2 - b";
        assert_eq!(
            kept(text),
            ["    not ok 2 - y", "      ---", "      error: 'late'"]
        );
    }

    #[test]
    fn vitest_tells_the_first_line_of_the_reason() {
        let report = serde_json::json!({"testResults": [{"assertionResults": [
            {"status": "passed", "fullName": "a"},
            {"status": "failed", "fullName": "b c", "failureMessages": ["expected 1\n at x"]},
        ]}]});
        assert_eq!(of_vitest(&report), ["b c: expected 1"]);
    }

    #[test]
    fn one_failure_does_not_fill_the_end() {
        let text = format!("not ok 1 - y\n{}", "at somewhere\n".repeat(90));
        assert_eq!(kept(&text).len(), OF_ONE);
    }
}
