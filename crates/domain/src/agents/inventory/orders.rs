//! Orders of goods: what goes into them, whom they go to, and what the money is enough for.

use super::decide::{Policy, money, note, or_unknown};
use super::facts::SupplierFacts;
use super::lines::{Planned, Short, rank, whole_days, word};
use crate::agents::decision::{Decision, Handling, Note, Proposal};
use crate::catalog::UnitCost;
use crate::changes::plan::Wanted;
use crate::changes::{Action, Effect, Evidence, Purchase, PurchaseWish, Risk};
use crate::forecast::History;
use crate::ids::SupplierId;
use crate::inventory_plan::{LeadSource, Reorder, Urgency, quantity};
use crate::money::round_to_minor;
use chrono::Days;
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};

/// As many as a purchase order has.
const MOST_LINES: usize = 500;
/// Lines of an order that are shown one by one.
const MOST_SHOWN: usize = 30;
/// Fewer days that were held against what followed tell nothing of a forecast's intervals.
const LEAST_DAYS: u64 = 100;

struct Line<'a> {
    planned: &'a Planned<'a>,
    supplier: &'a SupplierFacts,
    reorder: Reorder,
    is_due: bool,
    cost: UnitCost,
    /// In minor units of the supplier's currency.
    cash: i64,
    short: Option<Short>,
    /// Margin that would be missing, in minor units of the store's currency.
    at_stake: i64,
}

pub(super) fn orders(policy: &Policy<'_>, planned: &[Planned<'_>], into: &mut Decision) {
    let mut lines = Vec::new();
    for one in planned {
        match line(policy, one) {
            Ok(found) => lines.extend(found),
            Err(note) => into.notes.push(note),
        }
    }
    // What is due comes first, then what is most urgent, then what earns most.
    lines.sort_by_key(|l| {
        let urgency = rank(l.planned.plan.urgency);
        let worth = std::cmp::Reverse(l.at_stake);
        (!l.is_due, urgency, worth, l.planned.of.variant)
    });
    let taken = affordable(policy, lines, &mut into.notes);
    let mut suppliers: Vec<SupplierId> = Vec::new();
    let mut by_supplier: BTreeMap<SupplierId, Vec<Line<'_>>> = BTreeMap::new();
    for line in taken {
        let id = line.supplier.id;
        if !suppliers.contains(&id) {
            suppliers.push(id);
        }
        by_supplier.entry(id).or_default().push(line);
    }
    for id in suppliers {
        let lines = by_supplier.remove(&id).unwrap_or_default();
        into.proposals.extend(proposal(policy, &lines));
    }
}

/// What would be ordered of a variant; `None`: nothing.
fn line<'a>(policy: &Policy<'a>, planned: &'a Planned<'a>) -> Result<Option<Line<'a>>, Note> {
    let (facts, of) = (policy.facts, planned.of);
    let fault = |text: String| Err(note(&of.label, text));
    if of.lead.is_none() && rank(planned.plan.urgency) <= rank(Urgency::Medium) {
        let text = "is running out, and nobody said how long goods of it take";
        return fault(text.to_owned());
    }
    let is_due = planned.now.is_some();
    let Some(reorder) = planned.now.or(planned.soon) else {
        return Ok(None);
    };
    // What is not due yet is only ordered along: nothing is missing of it.
    let missing = |text: String| if is_due { fault(text) } else { Ok(None) };
    let Some(id) = of.supplier else {
        return missing("is to be ordered, and has no supplier".to_owned());
    };
    let supplier = match facts.supplier(id) {
        Some(supplier) if !supplier.archived => supplier,
        _ => return missing("is to be ordered, and its supplier takes no orders any more".into()),
    };
    if facts.told.contains(&subject(id)) {
        return Ok(None);
    }
    if let Some(draft) = of.drafts.first() {
        return missing(format!(
            "is to be ordered, and is in the draft {draft} already: approve that, or cancel it"
        ));
    }
    let Some(cost) = of.cost else {
        return missing("is to be ordered, and nobody told its cost".to_owned());
    };
    if cost.currency != supplier.currency {
        let (one, other) = (cost.currency, supplier.currency);
        return missing(format!(
            "is to be ordered; its cost is told in {one}, and {} is paid in {other}",
            supplier.name
        ));
    }
    if let Some(margin) = planned.unit_margin.filter(|margin| *margin <= 0) {
        return missing(format!(
            "is at its reorder point, and a unit of it leaves {}: it is not ordered",
            policy.money(margin)
        ));
    }
    let whole = cost.amount.checked_mul(Decimal::from(reorder.quantity));
    let cash = whole.and_then(|whole| round_to_minor(whole, cost.currency).ok());
    let Some(cash) = cash else {
        return missing("is to be ordered, and costs more than can be counted".to_owned());
    };
    let review = policy.days("review");
    let short = planned.short(facts, review, reorder.quantity);
    let effect = short.and_then(|short| planned.effect(&short, review));
    Ok(Some(Line {
        planned,
        supplier,
        reorder,
        is_due,
        cost,
        cash,
        short,
        at_stake: effect.map_or(0, |effect| effect.mean),
    }))
}

/// Lines in their order, as long as there is money for each; what is not due yet only with what is.
fn affordable<'a>(
    policy: &Policy<'_>,
    lines: Vec<Line<'a>>,
    notes: &mut Vec<Note>,
) -> Vec<Line<'a>> {
    let budget = policy.number("budget");
    let (mut left, mut ordered, mut taken) = (budget, BTreeSet::new(), Vec::new());
    for line in lines {
        if !line.is_due && !ordered.contains(&line.supplier.id) {
            continue;
        }
        let label = &line.planned.of.label;
        if budget > 0 {
            if line.cost.currency != policy.facts.currency {
                notes.push(note(
                    label,
                    "is to be ordered in another currency than that of the budget, so that nobody can hold it against it",
                ));
                continue;
            }
            if line.cash > left {
                notes.push(note(
                    label,
                    format!(
                        "{} for {} do not fit into the budget: {} of {} are left",
                        line.reorder.quantity,
                        policy.money(line.cash),
                        policy.money(left),
                        policy.money(budget)
                    ),
                ));
                continue;
            }
            left -= line.cash;
        }
        ordered.insert(line.supplier.id);
        taken.push(line);
    }
    taken
}

fn subject(supplier: SupplierId) -> String {
    format!("purchase:{supplier}")
}

fn proposal(policy: &Policy<'_>, lines: &[Line<'_>]) -> Option<Proposal> {
    let lines = &lines[..lines.len().min(MOST_LINES)];
    let supplier = lines.first()?.supplier;
    let slowest = lines.iter().filter_map(|l| l.planned.lead());
    let slowest = slowest.map(|l| whole_days(l.mean_days)).max()?;
    let today = policy.facts.today;
    let purchase = Purchase {
        order: None,
        supplier: supplier.id,
        supplier_name: supplier.name.clone(),
        currency: supplier.currency,
        lines: lines.iter().map(wish).collect(),
        under_way: lines
            .iter()
            .flat_map(|l| l.planned.of.under_way.iter().copied())
            .collect(),
        expected_on: today.checked_add_days(Days::new(slowest.into())),
        note: None,
    };
    let total = purchase.total()?;
    let (due, along) = (
        lines.iter().filter(|l| l.is_due).count(),
        lines.iter().filter(|l| !l.is_due).count(),
    );
    let (effect, effect_unknown) = effect(policy, lines, slowest);
    let confidence = confidence(policy, lines);
    let cash = money(total, supplier.currency);
    let along = match along {
        0 => String::new(),
        1 => ", with one more that is there before the next look".to_owned(),
        n => format!(", with {n} more that are there before the next look"),
    };
    let due = match due {
        1 => "One is at its reorder point".to_owned(),
        n => format!("{n} are at their reorder points"),
    };
    let gain = effect.map_or_else(String::new, |e| {
        format!(
            ". An order of today instead of the next look's keeps about {} of contribution margin (80 % interval {} to {})",
            policy.money(e.mean),
            policy.money(e.low),
            policy.money(e.high)
        )
    });
    let mut evidence = vec![summary(policy, &purchase, total, lines)];
    evidence.extend(lines.iter().take(MOST_SHOWN).map(|l| table(policy, l)));
    evidence.extend(rest(policy, lines));
    Some(Proposal {
        subject: subject(supplier.id),
        title: format!(
            "Order {} of {} from {} for {cash}",
            counted(purchase.units(), "unit"),
            match lines {
                [line] => line.planned.of.label.clone(),
                lines => format!("{} goods", lines.len()),
            },
            supplier.name
        ),
        reason: format!("{due}{along}{gain}"),
        risk: risk(policy, supplier, total, confidence),
        wanted: vec![Wanted {
            action: Action::PurchaseOrder(purchase),
            label: supplier.name.clone(),
        }],
        evidence,
        effect,
        effect_unknown,
        confidence,
        handling: Handling::Ask,
        valid_hours: policy.valid_hours(),
    })
}

fn wish(line: &Line<'_>) -> PurchaseWish {
    PurchaseWish {
        variant: line.planned.of.variant,
        title: line.planned.of.label.clone(),
        sku: line.planned.of.sku.clone(),
        quantity: line.reorder.quantity,
        unit_cost: line.cost.amount,
    }
}

/// The bounds are added up as if all goods sold well, or badly, together: that is the wider way.
fn effect(
    policy: &Policy<'_>,
    lines: &[Line<'_>],
    slowest: u32,
) -> (Option<Effect>, Option<String>) {
    let days = slowest.saturating_add(policy.days("review"));
    let mut sum = Effect {
        days,
        low: 0,
        mean: 0,
        high: 0,
    };
    for line in lines {
        let short = line.short;
        let Some(one) = short.and_then(|short| line.planned.effect(&short, days)) else {
            let label = &line.planned.of.label;
            let why = if line.cost.currency == policy.facts.currency {
                format!(
                    "what a unit of {label} leaves is not known: nothing of it was sold within 90 days"
                )
            } else {
                format!("what a unit of {label} leaves is not known in the store's currency")
            };
            return (None, Some(why));
        };
        sum.low = sum.low.saturating_add(one.low);
        sum.mean = sum.mean.saturating_add(one.mean);
        sum.high = sum.high.saturating_add(one.high);
    }
    (Some(sum), None)
}

/// From the forecast's own record: how far the share of days in its intervals of 80 % was from that, and how many of the lines it knows long enough.
fn confidence(policy: &Policy<'_>, lines: &[Line<'_>]) -> u32 {
    let record = policy.facts.record;
    let known = if record.days < LEAST_DAYS {
        500
    } else {
        let within = record.within.saturating_mul(1_000) / record.days.max(1);
        let off = within.abs_diff(800).saturating_mul(2);
        1_000_u64.saturating_sub(off).max(300)
    };
    let short = lines.iter().filter(|l| !is_known_long(l)).count() as u64;
    let lost = 300 * short / (lines.len().max(1) as u64);
    u32::try_from(known.saturating_sub(lost)).unwrap_or(0)
}

fn is_known_long(line: &Line<'_>) -> bool {
    line.planned.of.history == Some(History::Enough)
}

/// 300 for what an order may cost without somebody else's yes, and for what is not sure.
fn risk(policy: &Policy<'_>, supplier: &SupplierFacts, total: i64, confidence: u32) -> Risk {
    let limit = policy.facts.settings.approval_limit.max(1);
    let of_cash = if supplier.currency == policy.facts.currency {
        let share = i128::from(total) * 300 / i128::from(limit);
        u32::try_from(share.clamp(0, 500)).unwrap_or(500)
    } else {
        300
    };
    let record = policy.facts.record;
    let record = if record.days < LEAST_DAYS {
        "the forecasts were not held against what followed for long enough".to_owned()
    } else {
        let within = record.within.saturating_mul(100) / record.days.max(1);
        format!(
            "{within} % of {} days lay in the intervals of 80 %",
            record.days
        )
    };
    Risk {
        score: (of_cash + 1_000_u32.saturating_sub(confidence) / 3 + 100).min(1_000),
        reasons: vec![
            format!("{} are bound in goods", money(total, supplier.currency)),
            record,
            "it is taken back only until it is sent".to_owned(),
        ],
    }
}

fn counted(count: i64, one: &str) -> String {
    match count {
        1 => format!("one {one}"),
        n => format!("{n} {one}s"),
    }
}

fn summary(policy: &Policy<'_>, purchase: &Purchase, total: i64, lines: &[Line<'_>]) -> Evidence {
    let expected = purchase.expected_on.map(|day| day.to_string());
    let fees = policy
        .facts
        .fee_share
        .map(crate::changes::guardrails::percent);
    let sending = policy.facts.shipping_per_unit.map(|m| policy.money(m));
    let left_out = || "not known, left out".to_owned();
    let enough = lines.iter().filter(|l| is_known_long(l)).count();
    policy.table(
        "Order",
        [
            ("Supplier", purchase.supplier_name.clone()),
            ("Units", purchase.units().to_string()),
            ("Cash", money(total, purchase.currency)),
            (
                "Expected",
                expected.unwrap_or_else(|| "not known".to_owned()),
            ),
            ("Payment fees", fees.unwrap_or_else(left_out)),
            ("Sending a unit", sending.unwrap_or_else(left_out)),
            (
                "Forecasts with enough history",
                format!("{enough} of {}", lines.len()),
            ),
        ],
    )
}

fn table(policy: &Policy<'_>, line: &Line<'_>) -> Evidence {
    let (planned, of) = (line.planned, line.planned.of);
    let position = of.position;
    let mut rows = vec![
        ("Urgency", word(planned.plan.urgency).to_owned()),
        (
            "Available",
            or_unknown(position.available.or(position.on_hand)),
        ),
        ("On order", position.on_order.to_string()),
    ];
    rows.extend(
        position
            .incoming
            .map(|n| ("Coming by the shop", n.to_string())),
    );
    let count =
        crate::inventory_plan::units(i64::try_from(planned.steps.len()).unwrap_or(1)).max(1.0);
    let sum = |of: fn(&crate::forecast::StoredStep) -> f64| {
        planned.steps.iter().map(of).sum::<f64>() / count
    };
    rows.push((
        "Demand a day",
        format!(
            "{:.2} (single days {:.2} to {:.2})",
            sum(|s| s.mean),
            sum(|s| s.low),
            sum(|s| s.high)
        ),
    ));
    if let (Some(lead), Some(facts)) = (planned.lead(), of.lead) {
        let from = match facts.source {
            LeadSource::Variant => "set for it".to_owned(),
            LeadSource::Orders => format!("from {} own orders", facts.orders),
            LeadSource::Vendor => "set for its vendor".to_owned(),
            LeadSource::Store => "set for the store".to_owned(),
        };
        rows.push((
            "Lead time",
            format!("{:.1} ± {:.1} days, {from}", lead.mean_days, lead.sd_days),
        ));
    }
    rows.push((
        "Reorder point",
        format!(
            "{}, of them {} against what nobody can tell",
            quantity(line.reorder.point),
            quantity(line.reorder.safety_stock)
        ),
    ));
    let terms = match (of.pack, of.minimum) {
        (None, None) => String::new(),
        (Some(pack), None) => format!(", in packs of {pack}"),
        (None, Some(least)) => format!(", at least {least}"),
        (Some(pack), Some(least)) => format!(", in packs of {pack} and at least {least}"),
    };
    rows.push(("Quantity", format!("{}{terms}", line.reorder.quantity)));
    let currency = line.cost.currency;
    rows.push((
        "Unit cost",
        format!("{} {currency}", line.cost.amount.normalize()),
    ));
    rows.push(("Cash", money(line.cash, currency)));
    let margin = planned.unit_margin.map(|m| policy.money(m));
    rows.push((
        "A unit leaves",
        margin.unwrap_or_else(|| "not known".to_owned()),
    ));
    if let Some(short) = line.short {
        rows.push((
            "Missing without it",
            format!(
                "{:.1} units (80 % interval {:.1} to {:.1})",
                short.mean, short.low, short.high
            ),
        ));
    }
    policy.table(&of.label, rows)
}

fn rest(policy: &Policy<'_>, lines: &[Line<'_>]) -> Option<Evidence> {
    let rest = lines.get(MOST_SHOWN..).filter(|rest| !rest.is_empty())?;
    let rows = rest.iter().map(|line| {
        let cash = money(line.cash, line.cost.currency);
        (
            line.planned.of.label.as_str(),
            format!("{} for {cash}", line.reorder.quantity),
        )
    });
    Some(policy.table("Other lines", rows))
}
