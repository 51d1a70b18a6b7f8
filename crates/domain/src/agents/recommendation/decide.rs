//! From what was found to proposals: which product to tag with which others.

use super::facts::{Facts, ProductFacts};
use super::find::{Found, Pair, find};
use super::spec::SPEC;
use crate::agents::decision::{Decision, Handling, Note, Proposal};
use crate::agents::settings::Values;
use crate::changes::plan::Wanted;
use crate::changes::{Action, Evidence, EvidenceRow, Risk, Tagged};
use crate::ids::ProductId;
use chrono::{DateTime, Utc};

/// Before the handle of the product that goes with it.
const PREFIX: &str = "goes-with:";
/// The longest tag that a shop takes, in characters.
const LONGEST_TAG: usize = 255;

/// What a product is tagged with for another one: `goes-with:` and the other's handle.
/// `None`: it has no handle, or one that makes no tag (a shop's tags have at most 255 characters, and no comma).
#[must_use]
pub fn tag(other: &ProductFacts) -> Option<String> {
    let handle = other.handle.trim();
    let tag = format!("{PREFIX}{handle}");
    let is_tag = !handle.is_empty() && !tag.contains(',') && tag.chars().count() <= LONGEST_TAG;
    is_tag.then_some(tag)
}

/// The seed is not used: nothing here is left to chance.
#[must_use]
pub fn decide(facts: &Facts, values: &Values, now: DateTime<Utc>, _seed: u64) -> Decision {
    let found = find(facts, values);
    let number = |key| SPEC.number(values, key);
    let partners = usize::try_from(number("partners")).unwrap_or(1);
    let mut proposals = Vec::new();
    if SPEC.flag(values, "tags") {
        let mut products: Vec<ProductId> = Vec::new();
        // In the order in which they were found, each once.
        for product in found.pairs.iter().flat_map(|p| p.products) {
            if !products.contains(&product) {
                products.push(product);
            }
        }
        let wishes = products.into_iter();
        proposals.extend(wishes.filter_map(|product| {
            let own = found.pairs.iter().filter(|p| p.products.contains(&product));
            let own: Vec<&Pair> = own.take(partners).collect();
            proposal(facts, values, now, product, &own)
        }));
    }
    proposals.retain(|p| !facts.told.contains(&p.subject));
    let most = usize::try_from(number("most_proposals")).unwrap_or(0);
    let over = proposals.len().saturating_sub(most);
    proposals.truncate(most);
    Decision {
        proposals,
        notes: notes(facts, &found, over),
        looked_at: facts.counted.baskets,
    }
}

/// `None`: there is nothing to tag.
fn proposal(
    facts: &Facts,
    values: &Values,
    now: DateTime<Utc>,
    product: ProductId,
    own: &[&Pair],
) -> Option<Proposal> {
    let of = facts.product(product).filter(|p| p.offered)?;
    let has = |tag: &String| of.tags.iter().any(|t| t.trim().eq_ignore_ascii_case(tag));
    let (mut tags, mut told, mut worst) = (Vec::new(), Vec::new(), 0.0_f64);
    for pair in own {
        let other = other_of(pair, product);
        let Some(tag) = facts.product(other).filter(|p| p.offered).and_then(tag) else {
            continue;
        };
        if !has(&tag) {
            tags.push(tag);
            told.push(*pair);
            worst = worst.max(pair.affinity.p);
        }
    }
    let first = told.first()?;
    let names: Vec<String> = told
        .iter()
        .map(|pair| facts.title(other_of(pair, product)))
        .collect();
    let share = confidence(first, product);
    let reason = format!(
        "{} of the {} orders with it have {} as well ({:.1} %, 95 % interval {:.1} to {:.1} %), {:.1} times as many as chance would have \
         ({:.1} to {:.1})",
        first.together,
        count_of(first, product),
        names.first().map_or("the other", String::as_str),
        share.value * 100.0,
        share.low * 100.0,
        share.high * 100.0,
        first.affinity.lift.value,
        first.affinity.lift.low,
        first.affinity.lift.high,
    );
    Some(Proposal {
        subject: format!("together:{product}"),
        title: format!(
            "Tag {} with what it goes with: {}",
            of.title,
            names.join(", ")
        ),
        reason,
        wanted: vec![Wanted {
            action: Action::AddTags {
                target: Tagged::Product(product),
                tags,
            },
            label: of.title.clone(),
        }],
        evidence: told.iter().map(|p| table(facts, now, product, p)).collect(),
        effect: None,
        effect_unknown: Some(
            "what it sells more when it is shown beside the other is not known before it is shown"
                .to_owned(),
        ),
        risk: Risk {
            score: 50,
            reasons: vec!["a tag is taken off again exactly".to_owned()],
        },
        confidence: thousandths(1.0 - worst),
        handling: Handling::Apply,
        valid_hours: u32::try_from(SPEC.number(values, "valid")).unwrap_or(72),
    })
}

fn other_of(pair: &Pair, product: ProductId) -> ProductId {
    let [a, b] = pair.products;
    if a == product { b } else { a }
}

fn count_of(pair: &Pair, product: ProductId) -> u64 {
    pair.counts[usize::from(pair.products[0] != product)]
}

fn confidence(pair: &Pair, product: ProductId) -> super::Share {
    if pair.products[0] == product {
        pair.affinity.confidence
    } else {
        pair.affinity.backward
    }
}

fn table(facts: &Facts, now: DateTime<Utc>, product: ProductId, pair: &Pair) -> Evidence {
    let other = other_of(pair, product);
    let share = confidence(pair, product);
    let of = &pair.affinity;
    let rows = [
        ("Orders counted", facts.counted.baskets.to_string()),
        ("Days", format!("{} to {}", facts.from, facts.until)),
        ("Orders with it", count_of(pair, product).to_string()),
        ("Orders with the other", count_of(pair, other).to_string()),
        ("Orders with both", pair.together.to_string()),
        ("Expected by chance", format!("{:.1}", of.expected)),
        (
            "Of those with it",
            format!(
                "{:.1} % ({:.1} to {:.1} %)",
                share.value * 100.0,
                share.low * 100.0,
                share.high * 100.0
            ),
        ),
        (
            "Lift",
            format!(
                "{:.2} ({:.2} to {:.2})",
                of.lift.value, of.lift.low, of.lift.high
            ),
        ),
        ("By chance alone", format!("{:.1e}", of.p)),
    ];
    let rows = rows.into_iter().map(|(label, value)| EvidenceRow {
        label: label.to_owned(),
        value,
    });
    Evidence {
        title: format!("With {}", facts.title(other)),
        observed_at: facts.as_of.unwrap_or(now),
        rows: rows.collect(),
    }
}

fn notes(facts: &Facts, found: &Found, over: usize) -> Vec<Note> {
    let note = |about: &str, text: String| Note {
        about: about.to_owned(),
        text,
    };
    let mut notes = vec![note(
        "Orders",
        format!(
            "{} pairs and {} bundles of three stand, of {} pairs and {} threes that were tested over {} orders from {} to {}",
            found.pairs.len(),
            found.bundles.len(),
            found.pair_tests,
            found.bundle_tests,
            facts.counted.baskets,
            facts.from,
            facts.until,
        ),
    )];
    if found.pairs_left > 0 {
        let text = format!(
            "{} pairs have enough orders together and are left out: chance explains them, or their lift may be too small",
            found.pairs_left
        );
        notes.push(note("Pairs", text));
    }
    if found.pairs_bundled > 0 {
        let text = format!(
            "{} pairs are parts of one bundle anyway",
            found.pairs_bundled
        );
        notes.push(note("Bundles", text));
    }
    if facts.counted.too_large > 0 {
        let text = format!(
            "{} orders of more than {} products do not count",
            facts.counted.too_large,
            super::LARGEST
        );
        notes.push(note("Large orders", text));
    }
    if over > 0 {
        let text = format!("{over} more were found than one run proposes");
        notes.push(note("Proposals", text));
    }
    notes
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "held between bounds that both types have"
)]
fn thousandths(part: f64) -> u32 {
    (part * 1_000.0).clamp(0.0, 1_000.0) as u32
}
