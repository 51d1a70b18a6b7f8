//! Which products of suppliers are the same thing.
//!
//! In this order, and each shown with what it goes by: what people said, the same barcode ([`crate::supplier::gtin`]), the same words in the
//! title, nearly the same words, nearly the same picture. What people told apart stays apart, whatever else looks the same.
//!
//! Nearly the same picture ([`super::alike`]) is evidence only beside something else, because suppliers share stock photos: at least [`BESIDE_PICTURE`] of
//! the words, and the same words with digits in both.
//!
//! Nearly the same: Dice's coefficient of the sets of words, 2·|A∩B| / (|A|+|B|), of at least [`NEARLY`], at least [`LEAST_WORDS`] words on each
//! side, and the same words with digits in both, because `500 ml` and `750 ml` are two things. Candidates are found by their rarest words: of two
//! sets that reach the bound at least one of the first `|A| − ⌈|A|·t/(2−t)⌉ + 1` words by rarity is in both (prefix filtering; Chaudhuri, Ganti,
//! Kaushik 2006).

use super::alike::alike;
use super::score::group_key;
use crate::ids::SupplierProductId;
use crate::supplier::{OfferMatch, PictureHash, SupplierProduct, Verdict, gtin};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Ten-thousandths.
pub const NEARLY: i64 = 9_000;
/// Of the words where the pictures are nearly the same. Ten-thousandths.
const BESIDE_PICTURE: i64 = 5_000;
const LEAST_WORDS: usize = 4;
/// A word that so many titles have tells nothing of any of them.
const MOST_TITLES: usize = 1_000;

/// By what two products are taken for the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum SameBy {
    Person,
    Barcode {
        code: String,
    },
    Title,
    /// Ten-thousandths of the words.
    NearTitle {
        share: i64,
    },
    Image {
        /// Bits of 64 by which the pictures differ.
        distance: u32,
        /// Ten-thousandths of the words.
        share: i64,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SameAs {
    pub product: SupplierProductId,
    #[serde(flatten)]
    pub by: SameBy,
}

/// What of a product is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sketch {
    pub id: SupplierProductId,
    key: String,
    /// Only real ones.
    barcodes: Vec<String>,
    picture: Option<PictureHash>,
}

impl Sketch {
    /// `None`: it has no title, or nothing of it is to be had.
    #[must_use]
    pub fn of(product: &SupplierProduct) -> Option<Self> {
        let there = || product.variants.iter().filter(|v| !v.gone);
        there().next()?;
        let codes: BTreeSet<String> = there()
            .filter_map(|v| gtin(v.barcode.as_deref()?))
            .collect();
        Some(Self {
            id: product.id,
            key: group_key(product)?,
            barcodes: codes.into_iter().collect(),
            picture: None,
        })
    }

    /// With what its picture looks like, where that is known.
    #[must_use]
    pub fn showing(self, picture: Option<PictureHash>) -> Self {
        Self { picture, ..self }
    }
}

/// Products that are one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The same each time it is made up of the same products, and no other group's: the words of the title of the product with the smallest
    /// number; where people told such products apart, with that number.
    pub key: String,
    /// By number.
    pub members: Vec<SupplierProductId>,
    /// Pairs by which it came together.
    same: Vec<(usize, usize, SameBy)>,
}

impl Group {
    /// With which of the others a member was put together, and by what.
    #[must_use]
    pub fn same(&self, product: SupplierProductId) -> Vec<SameAs> {
        let found = self.same.iter().filter_map(|(a, b, by)| {
            let (a, b) = (self.members[*a], self.members[*b]);
            let product = match product {
                p if p == a => b,
                p if p == b => a,
                _ => return None,
            };
            Some(SameAs {
                product,
                by: by.clone(),
            })
        });
        let found: BTreeSet<_> = found.collect();
        found.into_iter().collect()
    }
}

/// Ten-thousandths of the words that two titles share (Dice's coefficient); of titles without words none.
#[must_use]
fn likeness(a: &BTreeSet<&str>, b: &BTreeSet<&str>) -> i64 {
    let all = a.len() + b.len();
    if all == 0 {
        return 0;
    }
    let both = a.intersection(b).count();
    i64::try_from(20_000 * both / all).unwrap_or(0)
}

/// The words of a key.
#[must_use]
pub fn words(key: &str) -> BTreeSet<&str> {
    key.split(' ').filter(|w| !w.is_empty()).collect()
}

fn numbers<'a>(words: &BTreeSet<&'a str>) -> BTreeSet<&'a str> {
    let has_digit = |w: &&&str| w.bytes().any(|b| b.is_ascii_digit());
    words.iter().filter(has_digit).copied().collect()
}

/// How alike two titles are; `None`: too little to take them for the same thing.
#[must_use]
pub fn nearly(a: &BTreeSet<&str>, b: &BTreeSet<&str>) -> Option<i64> {
    if a.len().min(b.len()) < LEAST_WORDS || numbers(a) != numbers(b) {
        return None;
    }
    Some(likeness(a, b)).filter(|share| *share >= NEARLY)
}

/// Sets that grow together (union–find with the members of each, and with what must stay apart).
struct Together {
    root: Vec<usize>,
    members: Vec<Vec<usize>>,
    apart: BTreeMap<usize, BTreeSet<usize>>,
    same: Vec<(usize, usize, SameBy)>,
}

impl Together {
    fn new(count: usize) -> Self {
        Self {
            root: (0..count).collect(),
            members: (0..count).map(|i| vec![i]).collect(),
            apart: BTreeMap::new(),
            same: Vec::new(),
        }
    }

    fn may(&self, a: usize, b: usize) -> bool {
        let (a, b) = (self.root[a], self.root[b]);
        let (few, root) = if self.members[a].len() <= self.members[b].len() {
            (a, b)
        } else {
            (b, a)
        };
        let others = |m: &usize| self.apart.get(m).into_iter().flatten();
        !self.members[few]
            .iter()
            .any(|m| others(m).any(|other| self.root[*other] == root))
    }

    /// Whether they are together now.
    fn join(&mut self, a: usize, b: usize, by: impl FnOnce() -> SameBy) -> bool {
        let (ra, rb) = (self.root[a], self.root[b]);
        if ra == rb {
            return true;
        }
        if !self.apart.is_empty() && !self.may(a, b) {
            return false;
        }
        let (few, many) = if self.members[ra].len() <= self.members[rb].len() {
            (ra, rb)
        } else {
            (rb, ra)
        };
        let moved = std::mem::take(&mut self.members[few]);
        for member in &moved {
            self.root[*member] = many;
        }
        self.members[many].extend(moved);
        self.same.push((a, b, by()));
        true
    }

    /// Each with the first of those before it that it may be with.
    fn join_all(&mut self, alike: &[usize], by: impl Fn() -> SameBy) {
        let mut heads: Vec<usize> = Vec::new();
        for one in alike {
            if !heads.iter().any(|head| self.join(*head, *one, &by)) {
                heads.push(*one);
            }
        }
    }
}

/// Puts together what is the same. The order of the products does not matter; of several with one number the first counts.
#[must_use]
pub fn groups(mut sketches: Vec<Sketch>, verdicts: &[OfferMatch]) -> Vec<Group> {
    sketches.sort_by_key(|s| s.id);
    sketches.dedup_by_key(|s| s.id);
    let mut together = Together::new(sketches.len());
    let at = |id: SupplierProductId| sketches.binary_search_by_key(&id, |s| s.id).ok();
    let pairs = verdicts.iter().filter_map(|m| {
        let (one, other) = (at(m.pair.one)?, at(m.pair.other)?);
        Some((one, other, m.verdict))
    });
    let pairs: BTreeSet<_> = pairs.collect();
    for (one, other, _) in pairs.iter().filter(|p| p.2 == Verdict::Different) {
        together.apart.entry(*one).or_default().insert(*other);
        together.apart.entry(*other).or_default().insert(*one);
    }
    for (one, other, _) in pairs.iter().filter(|p| p.2 == Verdict::Same) {
        together.join(*one, *other, || SameBy::Person);
    }
    let mut by_code: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    let mut by_title: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (i, sketch) in sketches.iter().enumerate() {
        for code in &sketch.barcodes {
            by_code.entry(code).or_default().push(i);
        }
        by_title.entry(&sketch.key).or_default().push(i);
    }
    for (code, alike) in &by_code {
        together.join_all(alike, || SameBy::Barcode {
            code: (*code).to_owned(),
        });
    }
    for alike in by_title.values() {
        together.join_all(alike, || SameBy::Title);
    }
    let titles: Vec<(BTreeSet<&str>, usize)> = by_title
        .iter()
        .filter_map(|(key, alike)| Some((words(key), *alike.first()?)))
        .filter(|(words, _)| words.len() >= LEAST_WORDS)
        .collect();
    for (a, b, share) in near(&titles) {
        together.join(titles[a].1, titles[b].1, || SameBy::NearTitle { share });
    }
    join_alike(&sketches, &mut together);
    named(&sketches, together)
}

/// Those with nearly the same picture that share enough of their words, the nearest first.
fn join_alike(sketches: &[Sketch], together: &mut Together) {
    let pictures = sketches.iter().enumerate();
    let pictures = pictures.filter_map(|(i, sketch)| Some((i, sketch.picture?)));
    for (a, b, distance) in alike(pictures) {
        if together.root[a] == together.root[b] {
            continue;
        }
        let (one, other) = (words(&sketches[a].key), words(&sketches[b].key));
        let share = likeness(&one, &other);
        if share >= BESIDE_PICTURE && numbers(&one) == numbers(&other) {
            together.join(a, b, || SameBy::Image { distance, share });
        }
    }
}

/// Pairs of titles that are nearly the same, the nearest first.
fn near(titles: &[(BTreeSet<&str>, usize)]) -> Vec<(usize, usize, i64)> {
    let mut common: BTreeMap<&str, usize> = BTreeMap::new();
    for word in titles.iter().flat_map(|(words, _)| words) {
        *common.entry(word).or_default() += 1;
    }
    let mut of_word: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    let mut found = Vec::new();
    for (i, (own, _)) in titles.iter().enumerate() {
        let mut rarest: Vec<&str> = own.iter().copied().collect();
        rarest.sort_by_key(|w| (common[w], *w));
        let count = i64::try_from(own.len()).unwrap_or(i64::MAX);
        let least = (count * NEARLY + (20_000 - NEARLY) - 1) / (20_000 - NEARLY);
        let prefix = usize::try_from(count - least + 1).unwrap_or(1);
        let mut seen: BTreeSet<usize> = BTreeSet::new();
        for word in rarest.into_iter().take(prefix) {
            let others = of_word.entry(word).or_default();
            if others.len() < MOST_TITLES {
                seen.extend(others.iter().copied());
                others.push(i);
            }
        }
        found.extend(
            seen.into_iter()
                .filter_map(|other| Some((other, i, nearly(&titles[other].0, own)?))),
        );
    }
    found.sort_by_key(|(a, b, share)| (std::cmp::Reverse(*share), *a, *b));
    found
}

fn named(sketches: &[Sketch], together: Together) -> Vec<Group> {
    let mut same: BTreeMap<usize, Vec<(usize, usize, SameBy)>> = BTreeMap::new();
    for (a, b, by) in together.same {
        same.entry(together.root[a]).or_default().push((a, b, by));
    }
    let roots = together.members.into_iter().enumerate();
    let mut groups: Vec<(usize, Group)> = roots
        .filter(|(_, members)| !members.is_empty())
        .map(|(root, mut members)| {
            members.sort_unstable();
            let place = |i: usize| members.binary_search(&i).unwrap_or(0);
            let same = same.remove(&root).unwrap_or_default().into_iter();
            let group = Group {
                key: sketches[members[0]].key.clone(),
                same: same.map(|(a, b, by)| (place(a), place(b), by)).collect(),
                members: members.iter().map(|i| sketches[*i].id).collect(),
            };
            (members[0], group)
        })
        .collect();
    groups.sort_by_key(|(first, _)| *first);
    let mut taken: BTreeSet<String> = BTreeSet::new();
    for (_, group) in &mut groups {
        if !taken.insert(group.key.clone()) {
            group.key = format!("{}\n{}", group.key, group.members[0]);
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

#[cfg(test)]
#[path = "matching_tests.rs"]
mod tests;
