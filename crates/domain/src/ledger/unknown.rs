//! What of an order's costs nobody knows, and why; and by which rates costs in other currencies were converted.

use super::costs::{first_sold, line_costs};
use super::derive::Booking;
use crate::calendar::Calendar;
use crate::catalog::CostBook;
use crate::fx::{DayRate, NoRate, RateTable};
use crate::ids::LineId;
use crate::inputs::{NoShippingCost, OrderInputs};
use crate::order::Order;

/// Why a cost is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unknown {
    /// No source tells a cost of the goods.
    NoCost,
    /// The goods' cost is told only from a later day on.
    CostLater,
    /// No rule tells what the gateway keeps, and neither does the provider.
    NoFeeRule,
    /// There is no shipping table, or none for that day.
    NoTable,
    /// No row of the shipping table is meant for this country, weight or value.
    NoRow,
    /// The shipping table asks for a weight that the order does not tell.
    NoWeight,
    /// It is told in another currency, and there is no rate of the day.
    NoRate(NoRate),
    /// Beyond what can be written.
    TooLarge,
}

impl From<NoShippingCost> for Unknown {
    fn from(none: NoShippingCost) -> Self {
        match none {
            NoShippingCost::NoTable => Self::NoTable,
            NoShippingCost::NoRow => Self::NoRow,
            NoShippingCost::NoWeight => Self::NoWeight,
            NoShippingCost::NoRate(none) => Self::NoRate(none),
        }
    }
}

impl From<NoRate> for Unknown {
    fn from(none: NoRate) -> Self {
        Self::NoRate(none)
    }
}

/// Which cost of an order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum CostPart {
    Goods(LineId),
    Shipping,
    /// Of a gateway.
    Fees(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    pub of: CostPart,
    pub why: Unknown,
}

/// A cost that was told in another currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conversion {
    pub of: CostPart,
    pub rate: DayRate,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CostsKnown {
    pub gaps: Vec<Gap>,
    pub conversions: Vec<Conversion>,
}

impl CostsKnown {
    fn see<T>(&mut self, of: CostPart, found: Result<(T, Option<DayRate>), Unknown>) {
        match found {
            Ok((_, rate)) => {
                if let Some(rate) = rate.filter(|rate| rate.source.is_some()) {
                    self.conversions.push(Conversion { of, rate });
                }
            }
            Err(why) => self.gaps.push(Gap { of, why }),
        }
    }
}

/// What the ledger of the same order rests on, asked of the same rules that book it.
#[must_use]
pub fn explain(
    order: &Order,
    calendar: &Calendar,
    costs: &CostBook,
    told: &OrderInputs,
    rates: &RateTable,
) -> CostsKnown {
    let mut known = CostsKnown::default();
    if order.test {
        return known;
    }
    let sold = first_sold(order);
    let line_costs = line_costs(order, calendar, (costs, told, rates), &sold);
    let booking = Booking {
        order,
        calendar,
        costs,
        told,
        rates,
        line_costs: &line_costs,
    };
    for line in order.lines.iter().filter(|l| sold.contains_key(&l.id)) {
        let Some(cost) = line_costs.get(&line.id) else {
            continue;
        };
        let found = cost.unit.map(|unit| (unit, cost.rate));
        known.see(CostPart::Goods(line.id), found);
    }
    for (gateway, fee) in booking.fees_by_rule() {
        let of = CostPart::Fees(gateway.to_owned());
        let seen = known.gaps.iter().map(|gap| &gap.of);
        let mut seen = seen.chain(known.conversions.iter().map(|c| &c.of));
        if !seen.any(|seen| *seen == of) {
            known.see(of, fee);
        }
    }
    if order.lines.iter().any(|l| l.ships()) {
        known.see(
            CostPart::Shipping,
            booking
                .shipping_cost()
                .map(|(_, amount, rate)| (amount, rate)),
        );
    }
    known
}
