//! After the wire: the verdict on an answer, told to the circuit, the bucket, the account and the statistics.

use std::time::Duration;

use crate::breaker::Observed;
use crate::bucket::{Spent, restored_after};
use crate::client::Inner;
use crate::exchange::Broken;
use crate::failed::{Failed, Reached};
use crate::judge::{self, Who};
use crate::key::{Access, Effect};
use crate::keyed::Keyed;
use crate::layers::Pass;
use crate::request::Request;
use crate::response::Response;
use crate::verdict::{Cost, Failure, Outcome, Verdict};

/// A wait below this in a 503 is no pause of the account.
const PAUSE_FROM: Duration = Duration::from_secs(1);

impl Inner {
    pub(crate) fn conclude(
        &self,
        request: &Request,
        response: Response,
        pass: Pass,
        elapsed: Duration,
    ) -> Result<Response, Failed> {
        let unexpected = judge::unexpected(
            response.status,
            &response.headers,
            &response.body,
            request.expect,
        );
        let verdict = match unexpected {
            Some(failure) => Verdict::from(Outcome::Failure(failure)),
            None => request.classify.as_ref().unwrap_or(&self.classify)(&response),
        };
        let cost = verdict.cost.unwrap_or_default();
        let keyed = self.keyed(request.effect);
        let slow = self.slow(request.effect, request.slow_after, elapsed);
        let observed = |failure| Some(Observed { failure, slow });
        let spent = match verdict.outcome {
            Outcome::Throttled { .. } => Spent::Nothing,
            _ => cost.actual.map_or(Spent::Unknown, Spent::Points),
        };
        let counted = match verdict.outcome {
            Outcome::Success => observed(false),
            Outcome::Failure(_) => observed(true),
            Outcome::Throttled { .. } | Outcome::Ignored | Outcome::CredentialsBroken => None,
        };
        pass.finish(spent, counted);
        if let Some(status) = cost.status {
            keyed.account.observe(&self.registry.0, status);
        }
        let who = Who {
            provider: self.provider,
            origin: &response.origin,
        };
        match verdict.outcome {
            Outcome::Success => {
                keyed.succeeded();
                Ok(response)
            }
            Outcome::Ignored => Ok(response),
            Outcome::Failure(failure) => Err(self.failed(keyed, failure, who)),
            Outcome::Throttled { wait } => {
                Err(self.throttled(keyed, wait, cost, request.cost, who))
            }
            Outcome::CredentialsBroken => {
                keyed.account.broke(&self.registry.0, &keyed.key);
                Err(judge::credentials(&response))
            }
        }
    }

    fn failed(&self, keyed: &Keyed, failure: Failure, who: Who<'_>) -> Failed {
        let wait = failure
            .wait
            .map(|w| w.min(self.registry.settings().flow.max_pause))
            .filter(|w| *w >= PAUSE_FROM);
        if let Some(wait) = wait {
            keyed.account.pause(&self.registry.0, &keyed.key, wait);
        }
        let failed = judge::failure(Failure { wait, ..failure }, who);
        keyed.failed(&failed.detail);
        failed
    }

    fn throttled(
        &self,
        keyed: &Keyed,
        named: Option<Duration>,
        cost: Cost,
        asked: f64,
        who: Who<'_>,
    ) -> Failed {
        let settings = self.registry.settings();
        let restored = || restored_after(cost.requested.unwrap_or(asked), cost.status?);
        let wait = named
            .or_else(restored)
            .filter(|w| !w.is_zero())
            .map(|w| w.min(settings.flow.max_pause));
        keyed.account.pause(
            &self.registry.0,
            &keyed.key,
            wait.unwrap_or(settings.retry.base_throttle),
        );
        keyed.count(|totals| totals.throttled += 1);
        judge::throttled(wait, who)
    }

    /// No answer: what it means, told to the circuit when it counts.
    pub(crate) fn broke(
        &self,
        request: &Request,
        broken: Broken,
        who: Who<'_>,
        pass: Pass,
        elapsed: Duration,
    ) -> Failed {
        let first_byte = request.first_byte.unwrap_or(self.limits.first_byte);
        let (failed, counts) = judge::broken(broken, who, &self.limits, first_byte, elapsed);
        // A connection that never stood cost no points.
        let spent = if failed.reached == Reached::Not {
            Spent::Nothing
        } else {
            Spent::Unknown
        };
        let slow = self.slow(request.effect, request.slow_after, elapsed);
        pass.finish(
            spent,
            counts.then_some(Observed {
                failure: true,
                slow,
            }),
        );
        if counts {
            self.keyed(request.effect).failed(&failed.detail);
        }
        failed
    }

    fn slow(&self, effect: Effect, line: Option<Duration>, elapsed: Duration) -> bool {
        let settings = &self.registry.settings().breaker;
        let usual = match effect.access() {
            Access::Read => settings.slow_read,
            Access::Write => settings.slow_write,
        };
        elapsed > line.unwrap_or(usual)
    }
}
