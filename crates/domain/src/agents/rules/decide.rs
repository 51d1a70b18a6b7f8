//! From conditions to proposals.

use super::document::{Operation, Rule, SignalFigure};
use super::facts::{Facts, OrderThing, Things, VariantThing};
use super::figure::{Figure, Kind};
use super::meets::{Found, Verdict, of_order, of_variant, unit_margin, verdict};
use super::price::{Rounder, wanted};
use super::signal::payload;
use super::words::percent;
use crate::agents::decision::{Decision, Handling, Note, Proposal};
use crate::changes::plan::Wanted;
use crate::changes::{Action, Evidence, EvidenceRow, Risk, Signal, Tagged};
use crate::ids::OrderId;
use crate::money::Money;
use chrono::{DateTime, Duration, Utc};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// So often within a day a rule changes one thing: what it changes again and again, somebody or something takes back each time.
const MOST_IN_DAY: usize = 3;
/// People's no is respected for at least so long.
const LEAST_REST: Duration = Duration::hours(24);
/// Things that a note names.
const MOST_NAMED: usize = 5;

/// Nothing here is left to chance.
#[must_use]
pub fn decide(rule: &Rule, facts: &Facts, now: DateTime<Utc>) -> Decision {
    let mut view = View {
        rule,
        facts,
        now,
        proposals: Vec::new(),
        left: BTreeMap::new(),
        unknown: BTreeMap::new(),
    };
    let looked_at = match &facts.things {
        Things::Variants { variants, .. } => {
            view.variants(variants);
            variants.len()
        }
        Things::Orders(orders) => {
            orders.iter().for_each(|order| view.order(order));
            orders.len()
        }
    };
    let most = usize::try_from(rule.limits.per_run).unwrap_or(usize::MAX);
    let over = view.proposals.len().saturating_sub(most);
    view.proposals.truncate(most);
    Decision {
        notes: view.notes(looked_at, over),
        proposals: view.proposals,
        looked_at: looked_at as u64,
    }
}

/// What is proposed about a thing that meets the conditions.
struct Hit<'a> {
    /// Its number, and how people know it.
    thing: i64,
    label: &'a str,
    actions: Vec<Action>,
    title: String,
    rows: Vec<EvidenceRow>,
    risk: Risk,
}

struct View<'a> {
    rule: &'a Rule,
    facts: &'a Facts,
    now: DateTime<Utc>,
    proposals: Vec<Proposal>,
    /// What was left alone, by why.
    left: BTreeMap<String, Vec<String>>,
    /// Of how many things nobody knows what would have to be known.
    unknown: BTreeMap<Figure, u64>,
}

fn subject(thing: i64) -> String {
    format!("rule:{thing}")
}

impl<'a> View<'a> {
    fn variants(&mut self, variants: &'a [VariantThing]) {
        let Things::Variants { from, until, .. } = self.facts.things else {
            return;
        };
        let rounder = Rounder::of(self.facts.currency, variants.iter().filter_map(|v| v.price));
        // A product is tagged once, for the first of its variants that meets the conditions.
        let mut products = BTreeSet::new();
        for variant in variants {
            let find = |c: &_| of_variant(variant, until, from, c);
            match verdict(&self.rule.given, find) {
                Verdict::No => continue,
                Verdict::Unknown(figure) => {
                    *self.unknown.entry(figure).or_default() += 1;
                    continue;
                }
                Verdict::Yes => {}
            }
            let rows = self.rows(find);
            match &self.rule.then {
                Operation::AddTags { .. } | Operation::RemoveTags { .. } => {
                    if products.insert(variant.product) {
                        self.product_tags(variant, rows);
                    }
                }
                Operation::Notify {} => self.tell(variant.variant.0, &variant.label, rows),
                Operation::Signal { event, figures } => {
                    let thing = format!("variant:{}", variant.variant);
                    let payload = self.payload(&thing, &variant.label, figures, find);
                    self.signal(
                        variant.variant.0,
                        &variant.label,
                        (event, payload, thing),
                        rows,
                    );
                }
                _ => self.price(variant, &rounder, rows),
            }
        }
    }

    fn price(&mut self, variant: &'a VariantThing, rounder: &Rounder, rows: Vec<EvidenceRow>) {
        let after = match wanted(&self.rule.then, variant, rounder) {
            Ok(Some(after)) => after,
            Ok(None) => return,
            Err(why) => return self.leave(why, &variant.label),
        };
        let (price, label) = (variant.price.unwrap_or(after), &variant.label);
        let money = |minor| self.money(minor);
        let mut rows = rows;
        let mut row = |label: &str, value: String| {
            rows.push(EvidenceRow {
                label: label.to_owned(),
                value,
            });
        };
        row("Price", money(price));
        row("New price", money(after));
        let margin = unit_margin(&VariantThing {
            price: Some(after),
            ..variant.clone()
        });
        row(
            "Unit margin after",
            margin.map_or_else(String::new, percent),
        );
        let step =
            (i128::from(after) - i128::from(price)).abs() * 10_000 / i128::from(price.max(1));
        let step = i64::try_from(step).unwrap_or(10_000);
        let verb = if after > price { "Raise" } else { "Lower" };
        let hit = Hit {
            thing: variant.variant.0,
            label,
            title: format!("{verb} {label} from {} to {}", money(price), money(after)),
            actions: vec![Action::Price {
                product: variant.product,
                variant: variant.variant,
                before: price,
                after,
            }],
            rows,
            risk: Risk {
                // 300, which is no low risk any more, for a step as large as any may be.
                score: u32::try_from(step * 300 / 2_000).unwrap_or(300).min(300),
                reasons: vec![format!("a step of {}", percent(step))],
            },
        };
        self.propose(hit);
    }

    fn product_tags(&mut self, variant: &'a VariantThing, rows: Vec<EvidenceRow>) {
        let Some(facts) = &variant.product_facts else {
            return;
        };
        let target = Tagged::Product(variant.product);
        if let Some((action, title)) = self.tags(target, &facts.tags, &variant.title) {
            let hit = Hit {
                thing: variant.product.0,
                label: &variant.title,
                actions: vec![action],
                title,
                rows,
                risk: harmless(),
            };
            self.propose(hit);
        }
    }

    /// Only tags that make a difference; `None`: there is none.
    fn tags(&self, target: Tagged, there: &[String], label: &str) -> Option<(Action, String)> {
        let key = |tag: &String| tag.trim().to_lowercase();
        let there: BTreeSet<_> = there.iter().map(key).collect();
        let pick = |tags: &[String], is_there: bool| -> Vec<String> {
            let mut once = BTreeSet::new();
            let tags = tags.iter().filter(|t| there.contains(&key(t)) == is_there);
            let tags = tags.filter(|t| once.insert(key(t)));
            tags.map(|t| t.trim().to_owned()).collect()
        };
        let (action, tags) = match &self.rule.then {
            Operation::AddTags { tags } => {
                let tags = pick(tags, false);
                (
                    Action::AddTags {
                        target,
                        tags: tags.clone(),
                    },
                    tags,
                )
            }
            Operation::RemoveTags { tags } => {
                let tags = pick(tags, true);
                (
                    Action::RemoveTags {
                        target,
                        tags: tags.clone(),
                    },
                    tags,
                )
            }
            _ => return None,
        };
        let verb = match action {
            Action::AddTags { .. } => "Tag",
            _ => "Untag",
        };
        action
            .is_change()
            .then(|| (action, format!("{verb} {label}: {}", tags.join(", "))))
    }

    fn order(&mut self, order: &'a OrderThing) {
        let (currency, now) = (self.facts.currency, self.now);
        let find = |c: &_| of_order(order, currency, now, c);
        match verdict(&self.rule.given, find) {
            Verdict::No => return,
            Verdict::Unknown(figure) => {
                *self.unknown.entry(figure).or_default() += 1;
                return;
            }
            Verdict::Yes => {}
        }
        let rows = self.rows(find);
        let (facts, name) = (&order.order, &order.order.name);
        let (actions, title, risk) = match &self.rule.then {
            Operation::HoldOrder { reason, note } => {
                let handle = handle(facts.id);
                if facts.holds.contains(&handle) {
                    return;
                }
                if !facts.ships {
                    return self.leave("there is nothing to send", name);
                }
                let action = Action::HoldOrder {
                    order: facts.id,
                    handle,
                    reason: *reason,
                    note: note.clone(),
                };
                let risk = Risk {
                    score: 200,
                    reasons: vec!["it is not sent until somebody releases it".to_owned()],
                };
                (vec![action], format!("Hold order {name}"), risk)
            }
            Operation::ReleaseOrder {} => {
                let holds = facts.holds.iter().map(|handle| Action::ReleaseOrder {
                    order: facts.id,
                    handle: handle.clone(),
                    reason: crate::changes::HoldReason::Other,
                    note: self.rule.name.clone(),
                });
                let risk = Risk {
                    score: 200,
                    reasons: vec!["it may be sent from then on".to_owned()],
                };
                (holds.collect(), format!("Release order {name}"), risk)
            }
            Operation::Notify {} => return self.tell(facts.id.0, name, rows),
            Operation::Signal { event, figures } => {
                let thing = format!("order:{}", facts.id);
                let payload = self.payload(&thing, name, figures, find);
                return self.signal(facts.id.0, name, (event, payload, thing), rows);
            }
            _ => {
                let target = Tagged::Order(facts.id);
                match self.tags(target, &facts.tags, &format!("order {name}")) {
                    Some((action, title)) => (vec![action], title, harmless()),
                    None => return,
                }
            }
        };
        if !actions.is_empty() {
            self.propose(Hit {
                thing: facts.id.0,
                label: name,
                actions,
                title,
                rows,
                risk,
            });
        }
    }

    fn signal(
        &mut self,
        number: i64,
        label: &'a str,
        (event, payload, thing): (&str, Value, String),
        rows: Vec<EvidenceRow>,
    ) {
        self.propose(Hit {
            thing: number,
            label,
            actions: vec![Action::Signal(Signal {
                event: event.to_owned(),
                thing,
                payload,
                mark: None,
            })],
            title: format!("Signal {event}: {label}"),
            rows,
            risk: Risk {
                score: 100,
                reasons: vec!["automations outside do what they do on it".to_owned()],
            },
        });
    }

    fn payload(
        &self,
        thing: &str,
        label: &str,
        figures: &[SignalFigure],
        find: impl Fn(&super::document::Condition) -> Found,
    ) -> Value {
        payload(self.rule, self.facts, (thing, label), figures, find)
    }

    fn tell(&mut self, thing: i64, label: &'a str, rows: Vec<EvidenceRow>) {
        self.propose(Hit {
            thing,
            label,
            actions: Vec::new(),
            title: format!("{}: {label}", self.rule.name),
            rows,
            risk: harmless(),
        });
    }

    fn propose(&mut self, hit: Hit<'_>) {
        let subject = subject(hit.thing);
        if self.facts.told.contains(&subject) {
            return;
        }
        if let Some(why) = self.rests(hit.thing) {
            return self.leave(why, hit.label);
        }
        let is_price = matches!(hit.actions.first(), Some(Action::Price { .. }));
        let label = match self.facts.things {
            Things::Variants { .. } => hit.label.to_owned(),
            Things::Orders(_) => format!("Order {}", hit.label),
        };
        let handling = match hit.actions.is_empty() {
            true => Handling::Notify,
            // What a price does to sales nobody has told: people look at each.
            false if is_price => Handling::Ask,
            false => Handling::Apply,
        };
        self.proposals.push(Proposal {
            subject,
            title: hit.title,
            reason: reason(&hit.rows),
            evidence: vec![Evidence {
                title: "What the rule found".to_owned(),
                observed_at: self.facts.as_of.unwrap_or(self.now),
                rows: hit.rows,
            }],
            wanted: hit
                .actions
                .into_iter()
                .map(|action| Wanted {
                    action,
                    label: label.clone(),
                })
                .collect(),
            effect: None,
            effect_unknown: Some(match is_price {
                true => "a rule says nothing about how sales answer to a price".to_owned(),
                false => "it moves no money by itself".to_owned(),
            }),
            risk: hit.risk,
            confidence: 1_000,
            handling,
            valid_hours: self.rule.limits.valid_hours,
        });
    }

    /// Why a thing is left alone although it meets the conditions.
    fn rests(&self, thing: i64) -> Option<String> {
        let cool_down = Duration::hours(i64::from(self.rule.limits.cool_down_hours));
        let changed = self.facts.ours.iter().filter(|t| t.thing == thing);
        let within = |rest: Duration| move |at: &DateTime<Utc>| self.now - *at < rest;
        let changed: Vec<_> = changed.map(|t| t.at).collect();
        if changed
            .iter()
            .filter(|at| within(Duration::hours(24))(at))
            .count()
            >= MOST_IN_DAY
        {
            return Some(format!(
                "the rule changed it {MOST_IN_DAY} times within a day, so that something takes back what it does; it does not go round any further"
            ));
        }
        if changed.iter().any(within(cool_down)) {
            let hours = cool_down.num_hours();
            return Some(format!("the rule changed it within the last {hours} hours"));
        }
        let rest = cool_down.max(LEAST_REST);
        let mut declined = self.facts.declined.iter().filter(|t| t.thing == thing);
        declined
            .any(|t| within(rest)(&t.at))
            .then(|| "people did not want it".to_owned())
    }

    fn leave(&mut self, why: impl Into<String>, label: &str) {
        let labels = self.left.entry(why.into()).or_default();
        labels.push(label.to_owned());
    }

    fn rows(&self, find: impl Fn(&super::document::Condition) -> Found) -> Vec<EvidenceRow> {
        let conditions = self.rule.given.conditions.iter();
        let row = |condition: &super::document::Condition| {
            let days = condition.days.map(|d| format!(" in {d} days"));
            let label = condition.figure.label();
            let mut text: String = label.to_owned();
            if let Some(first) = text.get_mut(0..1) {
                first.make_ascii_uppercase();
            }
            EvidenceRow {
                label: format!("{text}{}", days.unwrap_or_default()),
                value: self.shown(condition.figure.kind(), &find(condition)),
            }
        };
        conditions.map(row).collect()
    }

    fn shown(&self, kind: Kind, found: &Found) -> String {
        match (found, kind) {
            (Found::Unknown, _) => "not known".to_owned(),
            (Found::Flag(true), _) => "yes".to_owned(),
            (Found::Flag(false), _) => "no".to_owned(),
            (Found::Words(words), _) if words.is_empty() => "none".to_owned(),
            (Found::Words(words), _) => words.join(", "),
            (Found::Number(n), Kind::Money) => self.money(*n),
            (Found::Number(n), Kind::Share) => percent(*n),
            (Found::Number(n), Kind::Hours) => format!("{n} hours"),
            (Found::Number(n), Kind::Days) => format!("{n} days"),
            (Found::Number(n), _) => n.to_string(),
        }
    }

    fn money(&self, minor: i64) -> String {
        let currency = self.facts.currency;
        format!("{} {currency}", Money::new(minor, currency))
    }

    fn notes(&self, all: usize, over: usize) -> Vec<Note> {
        let note = |about: &str, text: String| Note {
            about: about.to_owned(),
            text,
        };
        let mut notes = Vec::new();
        for (figure, count) in &self.unknown {
            let why = figure.why_unknown();
            let text = format!("{count} of {all} could not be judged: {why}");
            notes.push(note("Not known", text));
        }
        for (why, labels) in &self.left {
            let named: Vec<_> = labels.iter().take(MOST_NAMED).map(String::as_str).collect();
            let more = labels.len().saturating_sub(MOST_NAMED);
            let more = (more > 0).then(|| format!(" and {more} more"));
            let text = format!("{}{}: {why}", named.join(", "), more.unwrap_or_default());
            notes.push(note("Left alone", text));
        }
        if over > 0 {
            let text = format!("{over} more meet the conditions than one run proposes");
            notes.push(note("Proposals", text));
        }
        notes
    }
}

/// Names the hold of a rule.
fn handle(order: OrderId) -> String {
    format!("royal-rule-{order}")
}

fn harmless() -> Risk {
    Risk {
        score: 0,
        reasons: vec!["it moves no money and can be taken back exactly".to_owned()],
    }
}

/// What was found, in a line.
fn reason(rows: &[EvidenceRow]) -> String {
    let found: Vec<_> = rows
        .iter()
        .map(|row| format!("{} {}", row.label.to_lowercase(), row.value))
        .collect();
    found.join(", ")
}
