//! Whether requests can be served: found out in the background, answered at once.

use chrono::{DateTime, Utc};
use futures::future::BoxFuture;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

/// A probe that takes longer has failed.
const PATIENCE: Duration = Duration::from_secs(2);

/// One thing that the server cannot do without, and how to ask it.
pub struct Probe {
    pub name: &'static str,
    pub ask: Box<dyn Fn() -> BoxFuture<'static, Result<(), String>> + Send + Sync>,
}

/// The last answer of one part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    pub name: String,
    pub healthy: bool,
    pub required: bool,
    pub message: String,
    pub circuit_state: Option<String>,
    pub last_success_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// Empty before the first round.
    pub checks: Vec<Check>,
    pub stopping: bool,
}

#[derive(Debug, Default)]
pub struct Readiness {
    checks: RwLock<Arc<Vec<Check>>>,
    stopping: AtomicBool,
}

impl Report {
    #[must_use]
    pub fn is_ready(&self) -> bool {
        let required_fail = self.checks.iter().any(|c| c.required && !c.healthy);
        !self.stopping && !self.checks.is_empty() && !required_fail
    }

    /// Optional parts too.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.is_ready() && self.checks.iter().all(|c| c.healthy)
    }

    #[must_use]
    pub fn status(&self) -> &'static str {
        match (self.stopping, self.checks.is_empty(), self.is_ready()) {
            (true, ..) => "stopping",
            (_, true, _) => "starting",
            (_, _, true) => "ready",
            _ => "not_ready",
        }
    }
}

impl Readiness {
    pub fn report(&self) -> Report {
        let checks = self.checks.read().unwrap_or_else(PoisonError::into_inner);
        Report {
            checks: checks.as_ref().clone(),
            stopping: self.stopping.load(Ordering::Acquire),
        }
    }

    /// From now on not ready, whatever the checks say.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Release);
    }

    /// Asks every probe once; `optional` parts are looked at without asking anybody.
    pub async fn look(&self, probes: &[Probe], optional: Vec<Check>, now: DateTime<Utc>) {
        let before = self.report().checks;
        let mut checks = Vec::with_capacity(probes.len() + optional.len());
        for probe in probes {
            let answer = tokio::time::timeout(PATIENCE, (probe.ask)()).await;
            let outcome = answer
                .unwrap_or_else(|_| Err(format!("no answer within {} s", PATIENCE.as_secs())));
            let last = before
                .iter()
                .find(|c| c.name == probe.name)
                .and_then(|c| c.last_success_at);
            checks.push(Check {
                name: probe.name.to_owned(),
                healthy: outcome.is_ok(),
                required: true,
                last_success_at: if outcome.is_ok() { Some(now) } else { last },
                message: outcome.err().unwrap_or_else(|| "ok".to_owned()),
                circuit_state: None,
            });
        }
        checks.extend(optional);
        *self.checks.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(checks);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn probe(name: &'static str, answer: Result<(), String>) -> Probe {
        Probe {
            name,
            ask: Box::new(move || Box::pin(std::future::ready(answer.clone()))),
        }
    }

    #[tokio::test]
    async fn only_what_is_required_decides() {
        let readiness = Readiness::default();
        assert_eq!(
            (readiness.report().status(), readiness.report().is_ready()),
            ("starting", false)
        );
        let optional = Check {
            name: "shopify".into(),
            healthy: false,
            required: false,
            message: "open".into(),
            circuit_state: Some("open".into()),
            last_success_at: None,
        };
        let now = Utc::now();
        readiness
            .look(&[probe("database", Ok(()))], vec![optional.clone()], now)
            .await;
        assert!(readiness.report().is_ready() && !readiness.report().is_whole());
        readiness
            .look(
                &[probe("database", Err("gone".into()))],
                vec![optional],
                now,
            )
            .await;
        let report = readiness.report();
        assert_eq!(
            (report.status(), report.checks[0].last_success_at),
            ("not_ready", Some(now))
        );
        readiness
            .look(&[probe("database", Ok(()))], Vec::new(), now)
            .await;
        readiness.stop();
        assert_eq!(
            (readiness.report().status(), readiness.report().is_ready()),
            ("stopping", false)
        );
    }
}
