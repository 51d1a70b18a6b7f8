//! A new order: who buys what, where, through which channel, with which discounts, taxes and payment.

use super::people::{CHANNELS, CODES, FIRST, LAST, MAIL};
use crate::money::{share, tax_in, tax_on};
use crate::random::{Random, cumulative};
use crate::store::order::Taxes;
use crate::store::totals::totals;
use crate::store::{
    Customer, Line, LineKind, Order, Seconds, Ship, Store, Transaction, TxnKind, TxnStatus,
};

/// So many lines has an order, and so many units a line.
const LINES: [usize; 10] = [1, 1, 1, 1, 2, 2, 2, 3, 3, 4];
const UNITS: [i32; 8] = [1, 1, 1, 1, 1, 2, 2, 3];
/// Units of a mean order: the product of the two means.
pub(crate) const UNITS_AN_ORDER: f64 = 3.0;

/// Adds an order at `at` and gives its position.
pub(crate) fn place_order(store: &mut Store, random: &mut Random, at: Seconds) -> usize {
    let channel = random.weighted(&cumulative(CHANNELS.iter().map(|c| c.2)));
    let in_store = CHANNELS[channel].0 == "pos";
    let customer = buyer(store, random, at, in_store);
    let place = customer.map_or(0, |c| store.customers[c as usize].place);
    let here = &store.places[usize::from(place)];
    let presentment = here.money.is_some() && random.chance(700) && store.shop.currency == "USD";
    let mut order = empty_order(store, at, customer, place);
    order.channel = u8::try_from(channel).unwrap_or(0);
    order.test = random.chance(8);
    order.presentment = presentment.then_some(0);
    order.fulfilled = in_store || random.chance(960);
    fill_basket(store, random, &mut order);
    discount(random, &mut order);
    tax_lines(store, &mut order, 0);
    if !in_store && order.lines.iter().any(|l| l.kind == LineKind::Product) {
        order.ship = Some(delivery(store, random, &order));
    }
    tip(store, random, &mut order, in_store);
    pay(store, random, &mut order, in_store);
    add(store, order)
}

/// An order of one variant that was paid and is to be sent, by somebody with a name.
pub(crate) fn place_order_of(
    store: &mut Store,
    random: &mut Random,
    (variant, units): (u32, i32),
    at: Seconds,
) -> usize {
    let named = (0..store.customers.len()).filter(|n| {
        let c = &store.customers[*n];
        let place = &store.places[usize::from(c.place)];
        !c.gone && !c.first.is_empty() && place.country_code == "US" && !place.city.is_empty()
    });
    let named: Vec<usize> = named.take(200).collect();
    let customer = match named.is_empty() {
        true => buyer(store, random, at, false),
        false => u32::try_from(*random.pick(&named)).ok(),
    };
    let place = customer.map_or(0, |c| store.customers[c as usize].place);
    let mut order = empty_order(store, at, customer, place);
    let line = goods(store, variant, units, at);
    order.lines.push(line);
    tax_lines(store, &mut order, 0);
    order.ship = Some(delivery(store, random, &order));
    let due = totals(&order).current;
    let paid = payment(at, TxnKind::Sale, TxnStatus::Success, "paypal", due);
    order.transactions.push(paid);
    add(store, order)
}

/// An order through the online store, before anything is in it.
pub(super) fn empty_order(store: &Store, at: Seconds, customer: Option<u32>, place: u16) -> Order {
    let index = u32::try_from(store.orders.len()).unwrap_or(u32::MAX);
    Order {
        index,
        name: format!("#{}", 1001 + index).into(),
        placed: at,
        updated: at,
        cancelled: None,
        deleted: None,
        customer,
        place,
        channel: 0,
        test: false,
        taxes_included: store.places[usize::from(place)].included,
        presentment: None,
        code: None,
        code_share: 0,
        fulfilled: false,
        lines: Vec::new(),
        ship: None,
        steps: Vec::new(),
        transactions: Vec::new(),
    }
}

/// The order counts from now on.
pub(super) fn add(store: &mut Store, order: Order) -> usize {
    settle_customer(store, &order);
    store.orders.push(order);
    store.orders.len() - 1
}

fn buyer(store: &mut Store, random: &mut Random, at: Seconds, in_store: bool) -> Option<u32> {
    if in_store && random.chance(550) {
        return None;
    }
    if !store.customers.is_empty() && random.chance(380) {
        let known = random.index(store.customers.len());
        let there = &store.customers[known];
        // Whoever ordered once to cheat does not come back.
        let suspected = there
            .last_order
            .is_some_and(|o| store.risks.contains_key(&o));
        if !there.gone && !suspected {
            return u32::try_from(known).ok();
        }
    }
    let place = if in_store {
        0
    } else {
        random.weighted(&cumulative(store.places.iter().map(|p| p.weight)))
    };
    new_buyer(store, random, at, u16::try_from(place).unwrap_or(0))
}

pub(super) fn new_buyer(
    store: &mut Store,
    random: &mut Random,
    at: Seconds,
    place: u16,
) -> Option<u32> {
    store.customers.push(Customer {
        first: FIRST[random.index(FIRST.len())],
        last: LAST[random.index(LAST.len())],
        mail: MAIL,
        place,
        created: at,
        updated: at,
        orders: 0,
        spent: 0,
        last_order: None,
        gone: false,
    });
    u32::try_from(store.customers.len() - 1).ok()
}

fn fill_basket(store: &Store, random: &mut Random, order: &mut Order) {
    let wanted = store.wanted(order.placed);
    let lines = LINES[random.index(LINES.len())];
    for _ in 0..lines {
        let variant = u32::try_from(random.weighted(&wanted)).unwrap_or(0);
        if order.lines.iter().any(|l| l.what == variant) {
            continue;
        }
        let quantity = UNITS[random.index(UNITS.len())];
        let line = goods(store, variant, quantity, order.placed);
        order.lines.push(line);
    }
}

/// A line of goods at the price of then, without discount or tax.
pub(crate) fn goods(store: &Store, variant: u32, quantity: i32, at: Seconds) -> Line {
    let v = store.variant(variant);
    let price = v.price_at(at);
    let kind = if store.product(v.product).gift_card {
        LineKind::GiftCard
    } else {
        LineKind::Product
    };
    Line {
        kind,
        what: variant,
        quantity,
        price,
        gross: price * i64::from(quantity),
        line_discount: 0,
        order_discount: 0,
        taxes: [0, 0],
        added_by: None,
        removed: 0,
    }
}

fn discount(random: &mut Random, order: &mut Order) {
    for line in order
        .lines
        .iter_mut()
        .filter(|l| l.kind == LineKind::Product)
    {
        if random.chance(70) {
            line.line_discount = share(line.gross, [10, 15, 33][random.index(3)], 100);
        }
    }
    if !random.chance(220) {
        return;
    }
    let code = random.index(CODES.len());
    order.code = u8::try_from(code).ok();
    let percent = CODES[code].1;
    let goods: Vec<usize> = (0..order.lines.len())
        .filter(|i| order.lines[*i].kind == LineKind::Product)
        .collect();
    let base: i64 = goods
        .iter()
        .map(|i| order.lines[*i].gross - order.lines[*i].line_discount)
        .sum();
    // One amount for the whole order, cut down to each line; the remainder cents go to the first lines, one by one.
    let whole = share(base, percent, 100);
    let mut left = whole;
    for &i in &goods {
        let net = order.lines[i].gross - order.lines[i].line_discount;
        order.lines[i].order_discount = if base == 0 { 0 } else { whole * net / base };
        left -= order.lines[i].order_discount;
    }
    for &i in &goods {
        let room = order.lines[i].gross - order.lines[i].discount();
        if left > 0 && room > 0 {
            order.lines[i].order_discount += 1;
            left -= 1;
        }
    }
    order.code_share = whole - left;
}

/// Taxes of the lines from `first` on.
pub(crate) fn tax_lines(store: &Store, order: &mut Order, first: usize) {
    let rates = store.place(order).rates();
    let included = order.taxes_included;
    for line in order.lines[first..]
        .iter_mut()
        .filter(|l| l.kind == LineKind::Product)
    {
        line.taxes = taxes(rates, included, line.gross - line.discount());
    }
}

fn taxes(rates: [u32; 2], included: bool, net: i64) -> Taxes {
    rates.map(|r| {
        if included {
            tax_in(net, r)
        } else {
            tax_on(net, r)
        }
    })
}

pub(super) fn delivery(store: &Store, random: &mut Random, order: &Order) -> Ship {
    let place = store.place(order);
    let goods: i64 = order.lines.iter().map(|l| l.gross - l.discount()).sum();
    let home = place.country_code == "US";
    let scale = if store.shop.exponent == 3 { 10 } else { 1 };
    let (title, mut price) = match (home, random.chance(150)) {
        (true, true) => ("Express", 1_995),
        (true, false) => ("Standard", 695),
        (false, true) => ("International Express", 3_490),
        (false, false) => ("International Standard", 1_490),
    };
    price *= scale;
    if title == "Standard" && goods >= 15_000 * scale {
        price = 0;
    }
    let free = order.code.is_some_and(|c| CODES[usize::from(c)].1 == 0);
    let discount = match (free, random.chance(30)) {
        (true, _) => price,
        (false, true) => share(price, 1, 3),
        _ => 0,
    };
    let rates = if place.tax_on_shipping {
        place.rates()
    } else {
        [0, 0]
    };
    Ship {
        title,
        price,
        discount,
        taxes: taxes(rates, order.taxes_included, price - discount),
    }
}

fn tip(store: &mut Store, random: &mut Random, order: &mut Order, in_store: bool) {
    if !random.chance(if in_store { 60 } else { 25 }) {
        return;
    }
    let amount = [100, 200, 350, 500][random.index(4)];
    let what = store.text("Tip", "");
    order.lines.push(Line {
        kind: LineKind::Tip,
        what,
        gross: amount,
        price: amount,
        quantity: 1,
        ..blank()
    });
}

pub(crate) fn blank() -> Line {
    Line {
        kind: LineKind::Custom,
        what: u32::MAX,
        quantity: 0,
        price: 0,
        gross: 0,
        line_discount: 0,
        order_discount: 0,
        taxes: [0, 0],
        added_by: None,
        removed: 0,
    }
}

fn pay(store: &Store, random: &mut Random, order: &mut Order, in_store: bool) {
    let due = totals(order).current;
    let (at, foreign) = (order.placed, store.place(order).country_code != "US");
    let gateway = match random.index(100) {
        _ if order.test => "bogus",
        0..=24 if in_store => "cash",
        0..=19 if !in_store => "paypal",
        20..=22 if !in_store => "manual",
        _ => "shopify_payments",
    };
    if due == 0 || (gateway == "manual" && random.chance(400)) {
        return;
    }
    if gateway == "shopify_payments" && random.chance(25) {
        order
            .transactions
            .push(payment(at, TxnKind::Sale, TxnStatus::Failure, gateway, due));
    }
    let card = if gateway == "shopify_payments" && random.chance(12) {
        due.min(2_500)
    } else {
        0
    };
    if card > 0 {
        order.transactions.push(payment(
            at,
            TxnKind::Sale,
            TxnStatus::Success,
            "gift_card",
            card,
        ));
    }
    let rest = due - card;
    if rest > 0 && gateway == "shopify_payments" && random.chance(90) {
        let parent = u8::try_from(order.transactions.len()).ok();
        order.transactions.push(payment(
            at,
            TxnKind::Authorization,
            TxnStatus::Success,
            gateway,
            rest,
        ));
        order.transactions.push(Transaction {
            parent,
            ..charge(at + 5_400, TxnKind::Capture, gateway, rest, foreign)
        });
    } else if rest > 0 {
        order
            .transactions
            .push(charge(at, TxnKind::Sale, gateway, rest, foreign));
    }
}

/// A successful charge with the fee that its gateway takes.
pub(crate) fn charge(
    at: Seconds,
    kind: TxnKind,
    gateway: &'static str,
    amount: i64,
    foreign: bool,
) -> Transaction {
    let mut txn = payment(at, kind, TxnStatus::Success, gateway, amount);
    if gateway == "shopify_payments" {
        (txn.fee_ppm, txn.fee_flat) = (if foreign { 39_000 } else { 29_000 }, 30);
        txn.fee = tax_on(amount, txn.fee_ppm) + txn.fee_flat;
    }
    txn
}

pub(crate) fn payment(
    at: Seconds,
    kind: TxnKind,
    status: TxnStatus,
    gateway: &'static str,
    amount: i64,
) -> Transaction {
    Transaction {
        at,
        kind,
        status,
        gateway,
        amount,
        fee: 0,
        fee_ppm: 0,
        fee_flat: 0,
        parent: None,
        step: None,
    }
}

fn settle_customer(store: &mut Store, order: &Order) {
    if let Some(customer) = order
        .customer
        .and_then(|c| store.customers.get_mut(c as usize))
    {
        customer.orders += 1;
        customer.spent += totals(order).total;
        customer.updated = customer.updated.max(order.placed);
        customer.last_order = Some(order.index);
    }
}
