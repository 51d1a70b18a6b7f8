//! How many tests passed and failed, read from what the test runners print. Knows formats, runs nothing.
use serde_json::Value;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
}

impl Count {
    /// A step that failed as a whole: one failure, so that the last line never says 0 when something is wrong.
    pub(crate) const fn one_failure() -> Self {
        Self {
            passed: 0,
            failed: 1,
        }
    }

    pub(crate) const fn plus(self, other: Self) -> Self {
        Self {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
        }
    }

    pub(crate) fn line(self) -> String {
        format!("{} passed, {} failed", self.passed, self.failed)
    }

    pub(crate) fn describe(self) -> String {
        match (self.passed, self.failed) {
            (0, 0) => "ok".to_owned(),
            _ => self.line(),
        }
    }

    /// A runner that ended badly without naming a failed test (a crash, a compile error) failed nevertheless.
    pub(crate) const fn with_exit(self, success: bool) -> Self {
        if success || self.failed > 0 {
            self
        } else {
            self.plus(Self::one_failure())
        }
    }

    /// libtest's `test result: ok. 12 passed; 0 failed; 1 ignored; …`. An ignored test proves nothing: it counts as failed.
    pub(crate) fn from_libtest(line: &str) -> Option<Self> {
        let rest = line.trim_start().strip_prefix("test result: ")?;
        let number = |word: &str| {
            rest.split(['.', ';'])
                .find_map(|part| part.trim().strip_suffix(word)?.trim().parse().ok())
        };
        Some(Self {
            passed: number("passed")?,
            failed: number("failed")? + number("ignored").unwrap_or(0),
        })
    }

    /// Vitest's JSON report. Skipped tests and files that could not be loaded count as failed.
    pub(crate) fn from_vitest(report: &Value) -> Option<Self> {
        let number = |key: &str| report[key].as_u64();
        let failed = number("numFailedTests")?;
        let left_out = number("numPendingTests").unwrap_or(0) + number("numTodoTests").unwrap_or(0);
        let unloaded = report["testResults"].as_array().into_iter().flatten();
        let unloaded = unloaded.filter(|file| {
            file["status"] == "failed"
                && file["assertionResults"]
                    .as_array()
                    .is_some_and(Vec::is_empty)
        });
        Some(Self {
            passed: number("numPassedTests")?,
            failed: failed + left_out + unloaded.count() as u64,
        })
    }

    /// One line of the summary of `node --test` (`# pass 5` as TAP, `ℹ pass 5` for people).
    pub(crate) fn from_node_test(line: &str) -> Option<Self> {
        let rest = line
            .strip_prefix("# ")
            .or_else(|| line.strip_prefix("ℹ "))?;
        let (word, number) = rest.split_once(' ')?;
        let number = number.trim().parse().ok()?;
        match word {
            "pass" => Some(Self {
                passed: number,
                failed: 0,
            }),
            "fail" | "cancelled" | "skipped" | "todo" => Some(Self {
                passed: 0,
                failed: number,
            }),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const fn count(passed: u64, failed: u64) -> Count {
        Count { passed, failed }
    }

    #[test]
    fn libtest() {
        let check = |line, expected| assert_eq!(Count::from_libtest(line), expected, "{line}");
        check(
            "test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; 3 filtered out; finished in 0.01s",
            Some(count(12, 0)),
        );
        check(
            "test result: FAILED. 7 passed; 2 failed; 1 ignored; 0 measured; 0 filtered out; finished in 1.50s",
            Some(count(7, 3)),
        );
        check("test layers::tests::result ... ok", None);
        check("running 4 tests", None);
    }

    #[test]
    fn vitest() {
        let report = json!({
            "numPassedTests": 9, "numFailedTests": 1, "numPendingTests": 1, "numTodoTests": 0,
            "testResults": [
                {"status": "failed", "assertionResults": []},
                {"status": "failed", "assertionResults": [{"status": "failed"}]},
                {"status": "passed", "assertionResults": [{"status": "passed"}]},
            ],
        });
        assert_eq!(Count::from_vitest(&report), Some(count(9, 3)));
        assert_eq!(Count::from_vitest(&json!({})), None);
    }

    #[test]
    fn node_test() {
        let text = "✔ a\nℹ tests 4\nℹ suites 0\nℹ pass 2\nℹ fail 1\nℹ cancelled 0\nℹ skipped 1\nℹ todo 0\nℹ duration_ms 5";
        let add = |text: &str| {
            let parts = text.lines().filter_map(Count::from_node_test);
            parts.fold(Count::default(), Count::plus)
        };
        assert_eq!(add(text), count(2, 2));
        assert_eq!(add(&text.replace('ℹ', "#")), count(2, 2));
    }

    #[test]
    fn a_crash_counts() {
        assert_eq!(count(3, 0).with_exit(false), count(3, 1));
        assert_eq!(count(3, 2).with_exit(false), count(3, 2));
        assert_eq!(count(3, 0).with_exit(true), count(3, 0));
    }
}
