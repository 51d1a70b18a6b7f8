//! What is left to do where stock ends before any order can come: a higher price, a tag. Both are off until somebody sets them.

use super::decide::{Policy, note, or_unknown};
use super::facts::VariantFacts;
use super::lines::{Planned, rank, word};
use crate::agents::decision::{Decision, Handling, Proposal};
use crate::changes::guardrails::{is_above_margin, percent, step};
use crate::changes::plan::Wanted;
use crate::changes::{Action, Evidence, Risk, Tagged};
use crate::ids::ProductId;
use crate::inventory_plan::Urgency;
use crate::money::round_to_minor;
use std::collections::BTreeMap;

pub(super) fn relief(policy: &Policy<'_>, planned: &[Planned<'_>], into: &mut Decision) {
    let mut running_out: Vec<&Planned<'_>> = planned.iter().filter(|p| ends_too_soon(p)).collect();
    running_out.sort_by_key(|p| (rank(p.plan.urgency), p.of.variant));
    raise(policy, &running_out, into);
    tag(policy, &running_out, into);
}

/// It ends before what is ordered today comes, and nothing else is on its way.
fn ends_too_soon(planned: &Planned<'_>) -> bool {
    let (Some(lead), Some(cover)) = (planned.lead(), &planned.plan.cover) else {
        return false;
    };
    let position = &planned.of.position;
    let nothing_comes =
        position.on_order + position.uncounted == 0 && position.incoming.unwrap_or(0) <= 0;
    let wanted = planned.steps.iter().any(|s| s.mean > 0.0);
    nothing_comes && wanted && cover.days.is_some_and(|days| days < lead.mean_days)
}

fn raise(policy: &Policy<'_>, running_out: &[&Planned<'_>], into: &mut Decision) {
    let share = policy.number("raise").min(policy.facts.limits.price_step);
    if share <= 0 {
        return;
    }
    for planned in running_out {
        let of = planned.of;
        let subject = format!("price:{}", of.variant);
        // What is gone is sold at no price.
        let is_left = of.position.available.or(of.position.on_hand) > Some(0);
        if policy.facts.told.contains(&subject) || !is_left {
            continue;
        }
        match raised(policy, of, share) {
            Ok((after, action)) => into.proposals.push(Proposal {
                subject,
                title: format!(
                    "Raise {} from {} to {}",
                    of.label,
                    policy.money(of.price),
                    policy.money(after)
                ),
                reason: format!(
                    "What is left ends before anything that is ordered today can come. A price higher by {} makes more of it; once goods are \
                     there again, undo takes it back",
                    percent(share)
                ),
                wanted: vec![Wanted {
                    action,
                    label: of.label.clone(),
                }],
                evidence: vec![left(policy, planned)],
                effect: None,
                effect_unknown: Some(
                    "how buyers answer to a higher price is not learned from stock".to_owned(),
                ),
                risk: Risk {
                    score: 300,
                    reasons: vec![
                        format!("a step of {}", percent(share)),
                        "nobody knows how many buy at the higher price".to_owned(),
                    ],
                },
                confidence: 500,
                handling: Handling::Ask,
                valid_hours: policy.valid_hours(),
            }),
            Err(why) => into.notes.push(note(
                &of.label,
                format!("its price is not raised before it runs out: {why}"),
            )),
        }
    }
}

fn raised(
    policy: &Policy<'_>,
    of: &VariantFacts,
    share: i64,
) -> Result<(i64, Action), &'static str> {
    let (facts, limits) = (policy.facts, &policy.facts.limits);
    let cost = of.cost.filter(|c| c.currency == facts.currency);
    let cost = cost.and_then(|c| round_to_minor(c.amount, facts.currency).ok());
    let cost = cost.ok_or("its cost is not known in the store's currency")?;
    let more = i128::from(of.price) * i128::from(share) / 10_000;
    let more = i64::try_from(more).map_err(|_| "it is more than can be counted")?;
    let after = of.price.saturating_add(more);
    let action = Action::Price {
        product: of.product,
        variant: of.variant,
        before: of.price,
        after,
    };
    if !action.is_change() || of.price <= 0 {
        return Err("the step is less than the smallest coin");
    }
    if step(limits, &action).is_err() || !is_above_margin(limits, after, cost) {
        return Err("the limits of the store do not let it");
    }
    Ok((after, action))
}

fn tag(policy: &Policy<'_>, running_out: &[&Planned<'_>], into: &mut Decision) {
    let tags = super::SPEC.words(policy.values, "tags");
    let is_near = |p: &&&Planned<'_>| rank(p.plan.urgency) <= rank(Urgency::Critical);
    let mut products: BTreeMap<ProductId, Vec<&Planned<'_>>> = BTreeMap::new();
    for planned in running_out.iter().filter(is_near) {
        products
            .entry(planned.of.product)
            .or_default()
            .push(planned);
    }
    for (product, variants) in products {
        let subject = format!("tag:{product}");
        let has = |tag: &String| {
            let mut there = variants.iter().flat_map(|p| &p.of.tags);
            there.any(|t| t.trim().eq_ignore_ascii_case(tag.trim()))
        };
        let missing: Vec<String> = tags.iter().filter(|t| !has(t)).cloned().collect();
        let Some(first) = variants.first() else {
            continue;
        };
        if missing.is_empty() || policy.facts.told.contains(&subject) {
            continue;
        }
        let label = first.of.label.clone();
        into.proposals.push(Proposal {
            subject,
            title: format!("Tag {label} with {}", missing.join(", ")),
            reason: "Less than three days' stock are left, and nothing comes before that"
                .to_owned(),
            wanted: vec![Wanted {
                action: Action::AddTags {
                    target: Tagged::Product(product),
                    tags: missing,
                },
                label,
            }],
            evidence: variants.iter().map(|p| left(policy, p)).collect(),
            effect: None,
            effect_unknown: Some("by itself it moves no money".to_owned()),
            risk: Risk {
                score: 50,
                reasons: vec!["a tag is taken off again exactly".to_owned()],
            },
            confidence: 900,
            handling: Handling::Ask,
            valid_hours: policy.valid_hours(),
        });
    }
}

fn left(policy: &Policy<'_>, planned: &Planned<'_>) -> Evidence {
    let of = planned.of;
    let cover = planned.plan.cover.as_ref().and_then(|c| c.days);
    let days =
        |days: Option<f64>| days.map_or_else(|| "not known".to_owned(), |d| format!("{d:.1} days"));
    policy.table(
        &of.label,
        [
            ("Available", or_unknown(of.position.available)),
            ("On order", of.position.on_order.to_string()),
            ("Lasts for", days(cover)),
            ("An order takes", days(planned.lead().map(|l| l.mean_days))),
            ("Urgency", word(planned.plan.urgency).to_owned()),
        ],
    )
}
