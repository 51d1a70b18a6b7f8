//! Which pictures are nearly the same, without holding each against each.
//!
//! Bits are dealt into four bands of 16. Of two hashes with at most [`MOST_BITS`] different bits (seven would do) one band differs in at most one bit, because four
//! bands with two each would make eight: so each hash is looked up 17 times a band (multi-index hashing; Norouzi, Punjani, Fleet, "Fast Search in
//! Hamming Space with Multi-Index Hashing", 2012). A band has bits of all rows and columns, because the rims of most pictures are white.
//!
//! Suppliers share stock photos, and show placeholders where they have none: a picture that many products have tells nothing of any of them.

use crate::supplier::PictureHash;
use std::collections::BTreeMap;

/// Bits of 64 by which two of nearly the same picture differ at most.
const MOST_BITS: u32 = 4;
/// A picture that more products have tells nothing of any of them.
const MOST_PRODUCTS: usize = 12;
/// Neither does one that so many others are near to.
const MOST_NEAR: usize = 60;
/// Neither does the part of a picture that so many different ones have.
const MOST_PICTURES: usize = 250;
const BANDS: usize = 4;
const BAND_BITS: u32 = 16;

/// The bits of a band: every fourth of a row, one further in each row.
fn band(bits: u64, number: usize) -> u16 {
    let mut found = 0;
    for row in 0..8 {
        for half in 0..2 {
            let column = (row + number) % BANDS + half * BANDS;
            found = found << 1 | (bits >> (row * 8 + column) & 1);
        }
    }
    u16::try_from(found).unwrap_or(0)
}

/// Which pictures have what in one band: places by value, by counting.
struct Shelf {
    starts: Vec<u32>,
    places: Vec<u32>,
}

impl Shelf {
    fn of(hashes: &[u64], number: usize) -> Self {
        let values: Vec<usize> = hashes
            .iter()
            .map(|h| usize::from(band(*h, number)))
            .collect();
        let mut starts = vec![0_u32; (1 << BAND_BITS) + 1];
        for value in &values {
            starts[value + 1] += 1;
        }
        for value in 1..starts.len() {
            starts[value] += starts[value - 1];
        }
        let (mut next, mut places) = (starts.clone(), vec![0; values.len()]);
        for (place, value) in (0..).zip(values) {
            places[next[value] as usize] = place;
            next[value] += 1;
        }
        Self { starts, places }
    }

    /// Nothing where too many have it.
    fn with(&self, value: u16) -> &[u32] {
        let value = usize::from(value);
        let range = self.starts[value] as usize..self.starts[value + 1] as usize;
        if range.len() > MOST_PICTURES {
            &[]
        } else {
            &self.places[range]
        }
    }
}

/// Pairs of products, as they are numbered by the caller, with nearly the same picture and the bits by which these differ; the nearest first. Each
/// pair stands there once, the smaller number first.
pub(super) fn alike(
    pictures: impl IntoIterator<Item = (usize, PictureHash)>,
) -> Vec<(usize, usize, u32)> {
    let mut by_hash: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for (product, hash) in pictures {
        by_hash.entry(hash.bits()).or_default().push(product);
    }
    by_hash.retain(|_, products| products.len() <= MOST_PRODUCTS);
    if by_hash.is_empty() {
        return Vec::new();
    }
    let hashes: Vec<u64> = by_hash.keys().copied().collect();
    let products: Vec<&Vec<usize>> = by_hash.values().collect();
    let mut found = Vec::new();
    for own in &products {
        for (n, one) in own.iter().enumerate() {
            found.extend(own[n + 1..].iter().map(|other| pair(*one, *other, 0)));
        }
    }
    for (one, other, bits) in near(&hashes) {
        for a in products[one] {
            found.extend(products[other].iter().map(|b| pair(*a, *b, bits)));
        }
    }
    found.sort_unstable_by_key(|(a, b, bits)| (*bits, *a, *b));
    found
}

fn pair(a: usize, b: usize, bits: u32) -> (usize, usize, u32) {
    (a.min(b), a.max(b), bits)
}

/// Without pictures that too many others are near to.
fn near(hashes: &[u64]) -> Vec<(usize, usize, u32)> {
    let shelves: Vec<Shelf> = (0..BANDS).map(|n| Shelf::of(hashes, n)).collect();
    let of_each: Vec<Vec<(u32, u32)>> = hashes
        .iter()
        .map(|h| beside(*h, hashes, &shelves))
        .collect();
    let is_common: Vec<bool> = of_each.iter().map(|o| o.len() > MOST_NEAR).collect();
    let mut found = Vec::new();
    for (one, others) in of_each
        .iter()
        .enumerate()
        .filter(|(one, _)| !is_common[*one])
    {
        let others = others.iter().map(|(other, bits)| (*other as usize, *bits));
        let others = others.filter(|(other, _)| !is_common[*other]);
        found.extend(others.map(|(other, bits)| pair(one, other, bits)));
    }
    // Both of a pair find each other.
    found.sort_unstable();
    found.dedup();
    found
}

/// Others with at most [`MOST_BITS`] different bits, with how many these are; not many more of them than tell something.
fn beside(hash: u64, hashes: &[u64], shelves: &[Shelf]) -> Vec<(u32, u32)> {
    let mut found = Vec::new();
    for (number, shelf) in shelves.iter().enumerate() {
        let own = band(hash, number);
        let flipped = (0..BAND_BITS).map(|bit| own ^ 1 << bit);
        for value in std::iter::once(own).chain(flipped) {
            let others = shelf.with(value).iter().filter_map(|other| {
                let bits = (hash ^ hashes[*other as usize]).count_ones();
                (1..=MOST_BITS).contains(&bits).then_some((*other, bits))
            });
            found.extend(others);
        }
        // Several bands may find the same one.
        found.sort_unstable();
        found.dedup();
        if found.len() > MOST_NEAR {
            break;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_bit_is_in_one_band() {
        for bit in 0..64 {
            let bands = (0..BANDS).map(|n| band(1 << bit, n).count_ones());
            assert_eq!(bands.sum::<u32>(), 1, "{bit}");
        }
    }

    #[test]
    fn what_many_products_have_tells_nothing() {
        let of = |count: usize| alike((0..count).map(|n| (n, PictureHash::new(77))));
        assert_eq!(of(3), [(0, 1, 0), (0, 2, 0), (1, 2, 0)]);
        assert_eq!(
            of(MOST_PRODUCTS).len(),
            MOST_PRODUCTS * (MOST_PRODUCTS - 1) / 2
        );
        assert_eq!(of(MOST_PRODUCTS + 1), []);
    }

    proptest! {
        /// Against holding each against each.
        #[test]
        fn whatever_is_near_is_found_once(
            bases in prop::collection::vec(any::<u64>(), 1..12),
            flips in prop::collection::vec((0_usize..12, prop::collection::vec(0_u32..64, 0..9)), 0..40),
        ) {
            let mut hashes = bases.clone();
            hashes.extend(flips.iter().map(|(of, bits)| {
                bits.iter().fold(bases[of % bases.len()], |hash, bit| hash ^ 1 << bit)
            }));
            let all = hashes.iter().enumerate().map(|(n, h)| (n, PictureHash::new(*h)));
            let found = alike(all);
            let common = |h: u64| hashes.iter().filter(|other| **other == h).count() > MOST_PRODUCTS;
            let mut expected = Vec::new();
            for a in 0..hashes.len() {
                for b in a + 1..hashes.len() {
                    let bits = (hashes[a] ^ hashes[b]).count_ones();
                    if bits <= MOST_BITS && !common(hashes[a]) && !common(hashes[b]) {
                        expected.push((a, b, bits));
                    }
                }
            }
            expected.sort_unstable_by_key(|(a, b, bits)| (*bits, *a, *b));
            prop_assert_eq!(found, expected);
        }
    }
}
