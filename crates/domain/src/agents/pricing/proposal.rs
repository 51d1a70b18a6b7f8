//! A proposal in words, with what it rests on.

use super::decide::{Known, Policy};
use super::outlook::{HORIZON, Sales};
use crate::agents::decision::{Handling, Proposal};
use crate::changes::plan::Wanted;
use crate::changes::{Action, Effect, Evidence, EvidenceRow, Risk};
use crate::money::Money;

/// Observations of one product that are shown, the latest first.
const MOST_SHOWN: usize = 6;

pub(super) struct Words<'a> {
    policy: &'a Policy<'a>,
    known: &'a Known<'a>,
}

impl<'a> Words<'a> {
    pub(super) const fn new(policy: &'a Policy<'a>, known: &'a Known<'a>) -> Self {
        Self { policy, known }
    }

    /// `after` is missing where one change may not go as far as the rule wants: a finding.
    pub(super) fn floor(&self, after: Option<i64>, effect: Option<Effect>) -> Proposal {
        let known = self.known;
        let margin = percent(self.policy.number("minimum_margin"));
        let mut reason = format!(
            "At {} with a unit cost of {} less than {margin} of the price is left",
            self.money(known.variant.price),
            self.money(known.cost),
        );
        match after {
            None => {
                let floor = self.money(known.floor);
                reason.push_str(&format!(
                    "; {floor} would leave it, which is further than one change may go or than the highest price that is set"
                ));
            }
            Some(after) if known.variant.compare_at_price.is_some_and(|p| after >= p) => {
                reason.push_str("; the new price reaches the one that is struck through");
            }
            Some(_) => {}
        }
        let unknown = effect.is_none().then(|| match (&known.sales, after) {
            (_, None) => "nothing is changed".to_owned(),
            (Err(why), _) => why.why().to_owned(),
            (Ok(_), _) => "the effect is too large to be told".to_owned(),
        });
        let title = match after {
            Some(after) => self.title(after),
            None => format!("{} is below its least price", known.variant.label),
        };
        let mut evidence = vec![self.price_table(after)];
        evidence.extend(
            known
                .sales
                .as_ref()
                .ok()
                .map(|sales| self.demand_table(sales)),
        );
        Proposal {
            title,
            reason,
            wanted: self.wanted(after),
            evidence,
            effect,
            effect_unknown: unknown,
            risk: self.risk(after, 1_000),
            confidence: 1_000,
            handling: match after {
                Some(_) => Handling::Ask,
                None => Handling::Notify,
            },
            ..self.frame()
        }
    }

    pub(super) fn demand(
        &self,
        sales: &Sales,
        after: i64,
        effect: Effect,
        confidence: u32,
        handling: Handling,
    ) -> Proposal {
        let (low, high) = sales.elasticity.interval();
        let reason = format!(
            "A price higher by one percent has moved demand by {:.2} % (80 % interval {low:.2} to {high:.2}). At {} the contribution margin over \
             {HORIZON} days is expected to change by {} (80 % interval {} to {}){}",
            sales.elasticity.mean,
            self.money(after),
            self.money(effect.mean),
            self.money(effect.low),
            self.money(effect.high),
            self.left_out(),
        );
        let mut evidence = vec![self.price_table(Some(after)), self.demand_table(sales)];
        evidence.extend(self.changes_table());
        // What is only told of changes nothing.
        let wanted = match handling {
            Handling::Notify => vec![],
            Handling::Apply | Handling::Ask => self.wanted(Some(after)),
        };
        Proposal {
            title: self.title(after),
            reason,
            wanted,
            evidence,
            effect: Some(effect),
            effect_unknown: None,
            risk: self.risk(Some(after), confidence),
            confidence,
            handling,
            ..self.frame()
        }
    }

    fn frame(&self) -> Proposal {
        Proposal {
            subject: format!("price:{}", self.known.variant.variant),
            title: String::new(),
            reason: String::new(),
            wanted: vec![],
            evidence: vec![],
            effect: None,
            effect_unknown: None,
            risk: Risk {
                score: 0,
                reasons: vec![],
            },
            confidence: 0,
            handling: Handling::Ask,
            valid_hours: u32::try_from(self.policy.number("valid")).unwrap_or(24),
        }
    }

    fn title(&self, after: i64) -> String {
        let variant = self.known.variant;
        let verb = if after > variant.price {
            "Raise"
        } else {
            "Lower"
        };
        format!(
            "{verb} {} from {} to {}",
            variant.label,
            self.money(variant.price),
            self.money(after)
        )
    }

    fn wanted(&self, after: Option<i64>) -> Vec<Wanted> {
        let variant = self.known.variant;
        let action = after.map(|after| Action::Price {
            product: variant.product,
            variant: variant.variant,
            before: variant.price,
            after,
        });
        let label = || variant.label.clone();
        action
            .into_iter()
            .map(|action| Wanted {
                action,
                label: label(),
            })
            .collect()
    }

    /// 300 for a step as large as any may be, 500 where nothing is sure.
    fn risk(&self, after: Option<i64>, confidence: u32) -> Risk {
        let price = self.known.variant.price.max(1);
        let Some(after) = after else {
            return Risk {
                score: 0,
                reasons: vec!["nothing is changed".to_owned()],
            };
        };
        let step = (i128::from(after) - i128::from(price)).abs() * 10_000 / i128::from(price);
        let largest = i128::from(self.policy.number("largest_change").max(1));
        let of_step = u32::try_from((step * 300 / largest).min(300)).unwrap_or(300);
        let unsure = 1_000_u32.saturating_sub(confidence);
        let step = percent(i64::try_from(step).unwrap_or(i64::MAX));
        Risk {
            score: of_step + unsure / 2,
            reasons: vec![
                format!("a step of {step}"),
                format!("a confidence of {confidence} of 1000"),
            ],
        }
    }

    fn price_table(&self, after: Option<i64>) -> Evidence {
        let (known, facts) = (self.known, self.policy.facts);
        let mut rows = vec![("Price", self.money(known.variant.price))];
        rows.extend(after.map(|after| ("New price", self.money(after))));
        let struck = known.variant.compare_at_price;
        rows.extend(struck.map(|price| ("Struck through", self.money(price))));
        rows.push(("Unit cost", self.money(known.cost)));
        rows.push(("Least price", self.money(known.floor)));
        let stock = known.variant.stock.map(|stock| stock.to_string());
        rows.push((
            "In stock",
            stock.unwrap_or_else(|| "not counted".to_owned()),
        ));
        let fees = facts.fee_share.map(percent);
        rows.push((
            "Payment fees",
            fees.unwrap_or_else(|| "not known, left out".to_owned()),
        ));
        let shipping = facts.shipping_per_unit.map(|cost| self.money(cost));
        rows.push((
            "Sending a unit",
            shipping.unwrap_or_else(|| "not known, left out".to_owned()),
        ));
        self.table("Price and cost", rows)
    }

    fn demand_table(&self, sales: &Sales) -> Evidence {
        let policy = self.policy;
        let (low, high) = sales.elasticity.interval();
        let products = policy.pool.map_or(0, |pool| pool.products());
        let changes = policy.pool.map_or(0, |pool| pool.changes);
        let shown = |number: f64| format!("{number:.2}");
        let rows = vec![
            ("Units a day at this price", shown(sales.rate)),
            ("Net revenue of the price", share(sales.realised)),
            ("Elasticity", shown(sales.elasticity.mean)),
            ("80 % interval", format!("{low:.2} to {high:.2}")),
            ("Changes of this price", sales.elasticity.own.to_string()),
            (
                "Changes in the store",
                format!("{changes}, on {products} products"),
            ),
            (
                "Days differ, against chance",
                format!("{:.2} times", sales.dispersion),
            ),
        ];
        self.table("Demand", rows)
    }

    /// What the product's own changes of price have shown.
    fn changes_table(&self) -> Option<Evidence> {
        let observed = self.policy.demand.observed.iter().rev();
        let own = observed.filter(|o| o.variant == self.known.variant.variant);
        let rows: Vec<_> = own
            .take(MOST_SHOWN)
            .map(|o| {
                let season = if o.adjusted { "" } else { ", season not known" };
                let row = format!(
                    "{} to {}: {} units in {} days, then {} in {}{season}",
                    self.money(o.before.price),
                    self.money(o.after.price),
                    o.before.units,
                    o.before.days,
                    o.after.units,
                    o.after.days,
                );
                (o.day.to_string(), row)
            })
            .collect();
        let rows = rows.iter().map(|(day, row)| (day.as_str(), row.clone()));
        let table = self.table("Changes of this price", rows);
        (!table.rows.is_empty()).then_some(table)
    }

    fn table<'b>(
        &self,
        title: &str,
        rows: impl IntoIterator<Item = (&'b str, String)>,
    ) -> Evidence {
        let rows = rows.into_iter().map(|(label, value)| EvidenceRow {
            label: label.to_owned(),
            value,
        });
        Evidence {
            title: title.to_owned(),
            observed_at: self.policy.facts.as_of.unwrap_or(self.policy.now),
            rows: rows.collect(),
        }
    }

    fn left_out(&self) -> &'static str {
        let facts = self.policy.facts;
        match (facts.fee_share, facts.shipping_per_unit) {
            (Some(_), Some(_)) => ".",
            (None, Some(_)) => ", without payment fees, which are not known.",
            (Some(_), None) => ", without the cost of sending, which is not known.",
            (None, None) => ", without payment fees and the cost of sending, which are not known.",
        }
    }

    fn money(&self, minor: i64) -> String {
        let currency = self.policy.facts.currency;
        format!("{} {currency}", Money::new(minor, currency))
    }
}

/// Of a share in ten-thousandths.
fn percent(share: i64) -> String {
    format!("{}.{:02} %", share / 100, share.unsigned_abs() % 100)
}

fn share(part: f64) -> String {
    format!("{:.1} %", part * 100.0)
}
