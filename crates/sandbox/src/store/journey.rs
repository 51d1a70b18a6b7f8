//! From where buyers came: what visits before an order named, the same each time for the same order.

use super::Order;
use crate::random::Random;

/// Where a visit came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Came {
    Direct,
    /// A search without an advertisement.
    Search,
    Mail,
    /// A campaign of a platform by its position.
    Campaign {
        is_meta: bool,
        position: u64,
    },
}

/// The first and the last visit; `None`: not sold on the web.
pub(crate) fn journey(order: &Order) -> Option<(Came, Came)> {
    if order.channel != 0 {
        return None;
    }
    let mut random = Random::new(u64::from(order.index) ^ 0x6a6f_7572_6e65_7973);
    let first = came(&mut random);
    // Two in three come back another way.
    let last = if random.chance(667) {
        came(&mut random)
    } else {
        first
    };
    Some((first, last))
}

fn came(random: &mut Random) -> Came {
    match random.within(0, 99) {
        0..=39 => Came::Direct,
        40..=54 => Came::Search,
        55..=61 => Came::Mail,
        n => Came::Campaign {
            is_meta: n < 82,
            position: random.bits() % 6,
        },
    }
}
