//! Orders that look like fraud: a new buyer's first order, very large, not sent yet, with a bill to another country, a throw-away mail
//! address or both.

use super::sale::{add, charge, delivery, empty_order, goods, new_buyer, tax_lines};
use crate::random::Random;
use crate::store::risk::{Fact, Level, Risk, Sentiment};
use crate::store::totals::totals;
use crate::store::{Seconds, Store, TxnKind};

/// Throw-away addresses that anybody may read: nobody is behind them.
const MAIL: [&str; 3] = ["mailinator.com", "yopmail.com", "guerrillamail.com"];
/// Positions of the risky ones in a history, counted from its end.
const PLACES: [usize; 4] = [4, 9, 16, 27];
/// A shorter history has none.
const LEAST: usize = 1_000;

const LARGE: Fact = (
    Sentiment::Negative,
    "Order amount is much higher than usual for this store",
);
const FIRST: Fact = (
    Sentiment::Neutral,
    "This is the customer's first order in this store",
);
const COUNTRY: Fact = (
    Sentiment::Negative,
    "Billing country doesn't match shipping country",
);
const THROW_AWAY: Fact = (
    Sentiment::Negative,
    "Email address is from a disposable email provider",
);

/// Whether the `n`-th order of a history of `count` is one of them.
pub(super) fn among_the_last(n: usize, count: usize) -> bool {
    count >= LEAST && PLACES.contains(&(count - n))
}

/// Adds one and gives its position; none in a store without goods. In turn they have all signs, no throw-away address, no foreign bill.
pub(crate) fn place(store: &mut Store, random: &mut Random, at: Seconds) -> Option<usize> {
    let (foreign, throw_away) = [(true, true), (true, false), (false, true)][store.risks.len() % 3];
    let dear = dearest(store, at);
    let home = some_place(store, random, true)?;
    dear.first()?;
    let customer = new_buyer(store, random, at, home);
    if let Some(buyer) = store.customers.last_mut().filter(|_| throw_away) {
        buyer.mail = MAIL[random.index(MAIL.len())];
    }
    let mut order = empty_order(store, at, customer, home);
    for _ in 0..3 {
        let variant = dear[random.index(dear.len())];
        let units = i32::try_from(random.within(6, 11)).unwrap_or(6);
        if order.lines.iter().all(|l| l.what != variant) {
            order.lines.push(goods(store, variant, units, at));
        }
    }
    tax_lines(store, &mut order, 0);
    order.ship = Some(delivery(store, random, &order));
    let due = totals(&order).current;
    let paid = charge(at, TxnKind::Sale, "shopify_payments", due, foreign);
    order.transactions.push(paid);
    let mut facts = vec![LARGE, FIRST];
    facts.extend(foreign.then_some(COUNTRY));
    facts.extend(throw_away.then_some(THROW_AWAY));
    let billing = some_place(store, random, false).filter(|_| foreign);
    let risk = Risk {
        level: if foreign { Level::High } else { Level::Medium },
        facts,
        billing,
    };
    store.risks.insert(order.index, risk);
    Some(add(store, order))
}

/// A place in the country of the first one, or in another one.
fn some_place(store: &Store, random: &mut Random, home: bool) -> Option<u16> {
    let country = store.places.first().map(|p| p.country_code);
    let fitting: Vec<usize> = (0..store.places.len())
        .filter(|p| (Some(store.places[*p].country_code) == country) == home)
        .collect();
    let chosen = fitting.get(random.index(fitting.len())).copied();
    chosen.and_then(|p| u16::try_from(p).ok())
}

/// The tenth of the goods that costs most.
fn dearest(store: &Store, at: Seconds) -> Vec<u32> {
    let mut all: Vec<u32> = (0..u32::try_from(store.variants.len()).unwrap_or(0))
        .filter(|v| !store.product(store.variant(*v).product).gift_card)
        .collect();
    all.sort_by_key(|v| std::cmp::Reverse(store.variant(*v).price_at(at)));
    all.truncate((all.len() / 10).max(1));
    all
}
