//! How a picture of a supplier's product looks, in 64 bits, and what is known of looking at it.
//!
//! The bits are a difference hash (dHash; N. Krawetz, "Kind of Like That", 2013): of a grid of 9 by 8 means of brightness, whether each is brighter
//! than its neighbour to the right. Unlike there, a difference counts only from [`STEP`] on: the white ground of a picture of goods differs by what
//! each encoding makes of it, which would be chance in most of the bits. A picture with few differences says nothing of what is on it.

use crate::ids::SupplierProductId;
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

pub const GRID_WIDTH: usize = 9;
pub const GRID_HEIGHT: usize = 8;
/// Means of brightness from 0 (black) to 255, by row.
pub type Grid = [[u8; GRID_WIDTH]; GRID_HEIGHT];
/// The least difference of brightness that counts.
const STEP: u8 = 4;
/// Of 64 neighbours at least so many differ, in whichever direction; else nothing is told.
const LEAST_DIFFERENCES: u32 = 12;

/// Two are of nearly the same picture when few of the bits differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PictureHash(u64);

impl PictureHash {
    #[must_use]
    pub const fn new(bits: u64) -> Self {
        Self(bits)
    }

    #[must_use]
    pub const fn bits(self) -> u64 {
        self.0
    }

    /// `None`: there is too little on it to know it by, as on a blank one or a single shape without shades.
    #[must_use]
    pub fn of(grid: &Grid) -> Option<Self> {
        let (mut bits, mut differences) = (0_u64, 0);
        for (left, right) in grid.iter().flat_map(|row| row.iter().zip(&row[1..])) {
            differences += u32::from(left.abs_diff(*right) >= STEP);
            bits = bits << 1 | u64::from(*left >= right.saturating_add(STEP));
        }
        (differences >= LEAST_DIFFERENCES).then_some(Self(bits))
    }

    /// Bits that differ, of 64.
    #[must_use]
    pub const fn distance(self, other: Self) -> u32 {
        (self.0 ^ other.0).count_ones()
    }
}

impl fmt::Display for PictureHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// A text is no hash of a picture: 16 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no hash of a picture: it has 16 hexadecimal digits")]
pub struct NotAHash;

impl FromStr for PictureHash {
    type Err = NotAHash;

    fn from_str(text: &str) -> Result<Self, NotAHash> {
        let is_one = text.len() == 16 && text.bytes().all(|b| b.is_ascii_hexdigit());
        let bits = is_one.then(|| u64::from_str_radix(text, 16).ok());
        bits.flatten().map(Self).ok_or(NotAHash)
    }
}

impl TryFrom<String> for PictureHash {
    type Error = NotAHash;

    fn try_from(text: String) -> Result<Self, NotAHash> {
        text.parse()
    }
}

impl From<PictureHash> for String {
    fn from(hash: PictureHash) -> Self {
        hash.to_string()
    }
}

/// Whether a supplier's text can be where a picture is; whether it is spoken to is decided when it is fetched.
#[must_use]
pub fn is_picture_address(text: &str) -> bool {
    ["https://", "http://"]
        .iter()
        .any(|scheme| text.starts_with(scheme))
}

/// What came of looking at a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PictureSeen {
    Hashed(PictureHash),
    /// There is too little on it to know it by.
    Plain,
    /// It could not be looked at; it is tried again.
    Failed {
        reason: String,
    },
}

/// What is known of a product's picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PictureNote {
    pub product: SupplierProductId,
    /// Of which it was; where the product has another one by now, this says nothing of it.
    pub url: String,
    pub seen: PictureSeen,
    pub looked_at: DateTime<Utc>,
    /// Tries that failed, one after the other.
    pub failures: u32,
}

impl PictureNote {
    /// When it is looked at again by itself; what was seen is not.
    #[must_use]
    pub fn again_at(&self) -> Option<DateTime<Utc>> {
        let wait = match (&self.seen, self.failures) {
            (PictureSeen::Hashed(_) | PictureSeen::Plain, _) => return None,
            (_, 0 | 1) => Duration::hours(1),
            (_, 2) => Duration::hours(6),
            (_, 3) => Duration::days(1),
            _ => Duration::days(7),
        };
        Some(self.looked_at + wait)
    }
}

/// How far the pictures of a store's offers are looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PictureSums {
    /// Products with a picture.
    pub pictures: u64,
    pub hashed: u64,
    pub plain: u64,
    pub failed: u64,
    /// Why, with how many of each, the most first.
    pub reasons: Vec<(String, u64)>,
}

impl PictureSums {
    #[must_use]
    pub fn waiting(&self) -> u64 {
        let seen = self.hashed + self.plain + self.failed;
        self.pictures.saturating_sub(seen)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    /// Brightness by place.
    fn grid(of: impl Fn(usize, usize) -> usize) -> Grid {
        let mut grid = [[0; GRID_WIDTH]; GRID_HEIGHT];
        for (y, row) in grid.iter_mut().enumerate() {
            for (x, cell) in row.iter_mut().enumerate() {
                *cell = u8::try_from(of(x, y) % 256).unwrap();
            }
        }
        grid
    }

    #[test]
    fn noise_on_a_flat_ground_changes_no_bit() {
        let busy = |x: usize, y: usize| 20 + (x * 37 + y * 61) % 200;
        let half = |x: usize, y: usize| if x < 5 { busy(x, y) } else { 250 };
        let noisy = |x: usize, y: usize| if x < 5 { busy(x, y) } else { 250 + (x + y) % 3 };
        let (one, other) = (PictureHash::of(&grid(half)), PictureHash::of(&grid(noisy)));
        assert!(one.is_some());
        assert_eq!(one, other);
    }

    #[test]
    fn what_is_blank_or_hardly_anything_has_none() {
        assert_eq!(PictureHash::of(&grid(|_, _| 255)), None);
        assert_eq!(PictureHash::of(&grid(|x, y| 250 + (x + y) % 3)), None);
        let one_edge = grid(|x, _| if x < 4 { 0 } else { 255 });
        assert_eq!(PictureHash::of(&one_edge), None, "one difference a row");
        let ramp = grid(|x, _| x * 20);
        assert_eq!(PictureHash::of(&ramp), Some(PictureHash::new(0)));
    }

    #[test]
    fn a_hash_is_written_as_16_digits_and_read_back() {
        let hash = PictureHash::new(0x0a);
        assert_eq!(hash.to_string(), "000000000000000a");
        assert_eq!(hash.to_string().parse(), Ok(hash));
        for bad in ["", "a", "+00000000000000a", "000000000000000g"] {
            assert_eq!(bad.parse::<PictureHash>(), Err(NotAHash), "{bad}");
        }
        assert_eq!(hash.distance(PictureHash::new(0x0b)), 1);
        assert_eq!(PictureHash::new(u64::MAX).distance(PictureHash::new(0)), 64);
    }

    #[test]
    fn what_failed_is_tried_again_ever_later_and_what_was_seen_is_not() {
        let note = |seen, failures| PictureNote {
            product: SupplierProductId(Uuid::nil()),
            url: String::new(),
            seen,
            looked_at: DateTime::UNIX_EPOCH,
            failures,
        };
        let failed = |failures| {
            let reason = "it answers 404".to_owned();
            note(PictureSeen::Failed { reason }, failures).again_at()
        };
        assert!(failed(1) < failed(2) && failed(2) < failed(3) && failed(3) < failed(4));
        assert_eq!(failed(4), failed(400));
        assert_eq!(note(PictureSeen::Plain, 0).again_at(), None);
    }
}
