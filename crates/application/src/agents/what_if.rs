//! What if: the models of the agents over prices and advertisements, asked by people.
//!
//! Facts are gathered as the agents gather them and with what is set for these; they are kept for a short while, because somebody who moves a
//! slider asks many times.

use super::agent::{Agent, Entry, Gathering};
use super::halt::{Halt, Progress};
use super::marketing::Advertisements;
use super::pricing::Prices;
use super::{AgentError, Agents};
use chrono::{DateTime, Duration, Utc};
use domain::agents::marketing::{AdStanding, LessSpend, less_spend, standings};
use domain::agents::pricing::{Levers, Standing, WhatIf, WhatIfAnswer};
use domain::agents::{Values, marketing};
use domain::changes::Effect;
use domain::ids::{AdAccountId, RunId, StoreId, VariantId};
use domain::store::Store;
use ports::{Kind, PortError, Retry};
use std::sync::Arc;
use tokio::sync::Mutex;
use uuid::Uuid;

/// So old the facts may be.
const LONGEST: Duration = Duration::minutes(2);
/// Stores whose facts are held at the same time.
const MOST: usize = 4;

/// The facts of one store.
pub struct Prospect {
    pub made_at: DateTime<Utc>,
    prices: WhatIf,
    ads: marketing::Facts,
    ad_values: Values,
}

/// A share less of a campaign's spend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LessOf {
    pub account: AdAccountId,
    pub campaign: String,
    /// In ten-thousandths; below nothing: more.
    pub share: i64,
}

/// What was asked: a variant with its levers, a campaign, or both.
#[derive(Debug, Clone, Default)]
pub struct Question {
    pub variant: Option<(VariantId, Levers)>,
    pub ads: Option<LessOf>,
}

/// What it comes to; an error is the end of a sentence.
#[derive(Debug, Clone, Default)]
pub struct Told {
    pub variant: Option<Result<WhatIfAnswer, String>>,
    pub ads: Option<Result<LessSpend, String>>,
    /// Of all that was asked and could be told, as if the errors were independent of each other; `None`: something could not.
    pub change: Option<Effect>,
}

impl Prospect {
    /// When the newest of the facts was observed.
    #[must_use]
    pub fn as_of(&self) -> Option<DateTime<Utc>> {
        self.prices.facts().as_of.max(self.ads.as_of)
    }

    /// `None`: it is not offered.
    #[must_use]
    pub fn variant(&self, id: VariantId) -> Option<Standing> {
        self.prices.standing(id)
    }

    /// As [`WhatIf::choices`].
    #[must_use]
    pub fn choices(&self, text: &str, most: usize) -> Vec<(VariantId, &str)> {
        self.prices.choices(text, most)
    }

    #[must_use]
    pub fn campaigns(&self) -> Vec<AdStanding> {
        standings(&self.ads, &self.ad_values)
    }

    #[must_use]
    pub fn told(&self, question: &Question) -> Told {
        let variant = question.variant.map(|(id, levers)| {
            let answer = self.prices.answer(id, levers);
            answer.map_err(str::to_owned)
        });
        let ads = question.ads.as_ref().map(|less| {
            let of = (&self.ads, &self.ad_values);
            less_spend(of.0, of.1, less.account, &less.campaign, less.share)
        });
        let effects = [
            variant.as_ref().map(|v| v.as_ref().ok().map(|a| a.change)),
            ads.as_ref().map(|a| a.as_ref().ok().map(|l| l.change)),
        ];
        let effects: Option<Vec<Effect>> = effects.into_iter().flatten().collect();
        Told {
            change: effects.and_then(|all| together(&all)),
            variant,
            ads,
        }
    }
}

/// Means add up; so do squares of the half widths.
fn together(effects: &[Effect]) -> Option<Effect> {
    let (first, rest) = effects.split_first()?;
    rest.iter().try_fold(*first, |sum, effect| {
        let mean = sum.mean.checked_add(effect.mean)?;
        let half = |a: i64, b: i64| {
            #[expect(
                clippy::cast_precision_loss,
                reason = "the width of an interval, not an amount that is booked"
            )]
            let (a, b) = (a as f64, b as f64);
            #[expect(
                clippy::cast_possible_truncation,
                reason = "held within what both types have"
            )]
            let root = (a * a + b * b).sqrt().round().min(9e15) as i64;
            root
        };
        let below = half(
            sum.mean.checked_sub(sum.low)?,
            effect.mean.checked_sub(effect.low)?,
        );
        let above = half(
            sum.high.checked_sub(sum.mean)?,
            effect.high.checked_sub(effect.mean)?,
        );
        Some(Effect {
            days: sum.days.max(effect.days),
            low: mean.checked_sub(below)?,
            mean,
            high: mean.checked_add(above)?,
        })
    })
}

/// What was told of a store, newest last.
type Kept = Vec<(StoreId, Arc<Prospect>)>;

/// Prospects that were made lately; one is made at a time.
#[derive(Clone, Default)]
pub(super) struct Prospects(Arc<Mutex<Kept>>);

impl Agents {
    /// The facts that questions are asked of, at most two minutes old.
    pub async fn prospect(&self, store: &Store) -> Result<Arc<Prospect>, AgentError> {
        let now = self.ports.clock.now();
        let mut kept = self.prospects.0.lock().await;
        kept.retain(|(_, p)| now - p.made_at < LONGEST);
        let own = kept.iter().find(|(id, _)| *id == store.scope.store);
        if let Some((_, prospect)) = own {
            return Ok(Arc::clone(prospect));
        }
        let prices = self.asked::<Prices>(store, now).await?;
        let ads = self.asked::<Advertisements>(store, now).await?;
        let (price_facts, price_values) = prices;
        let work = tokio::task::spawn_blocking(move || WhatIf::of(price_facts, price_values));
        let broke = |error| failed("the model broke off").with_source(error);
        let prospect = Arc::new(Prospect {
            made_at: now,
            prices: work.await.map_err(broke)?,
            ads: ads.0,
            ad_values: ads.1,
        });
        if kept.len() >= MOST {
            kept.remove(0);
        }
        kept.push((store.scope.store, Arc::clone(&prospect)));
        Ok(prospect)
    }

    /// What an agent would be told now, and how it is set.
    async fn asked<A: Agent>(
        &self,
        store: &Store,
        now: DateTime<Utc>,
    ) -> Result<(A::Facts, Values), AgentError> {
        let spec = Arc::new(A::spec().clone());
        let values = self.config(store, &spec).await?.values;
        let gathering = Gathering {
            ports: self.ports.clone(),
            changes: self.changes.clone(),
            store: store.clone(),
            entry: Entry::of::<A>(),
            spec,
            // No run: nothing is proposed.
            run: RunId(Uuid::nil()),
            parameters: serde_json::Value::Null,
            values: values.clone(),
            now,
            progress: Progress::default(),
        };
        let facts = A::gather(&gathering).await.map_err(|halt| match halt {
            Halt::Storage(error) => error,
            Halt::Failed(why) | Halt::Hopeless(why) | Halt::Stopped(why) => failed(&why),
            Halt::LostLease | Halt::Leaving | Halt::Cancelled => failed("it was broken off"),
        })?;
        Ok((facts, values))
    }
}

fn failed(why: &str) -> PortError {
    let retry = Retry::After(std::time::Duration::from_secs(1));
    PortError::new(Kind::Unavailable, retry, "royal", "agents.what_if", why)
}
