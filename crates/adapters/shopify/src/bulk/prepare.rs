//! From a part of a result file to facts, as far as that needs nobody's answer: read, joined, mapped, away from the threads that serve.

use super::assemble;
use super::kind::BulkKind;
use super::spool::{Part, SpoolError};
use crate::bulk_checks as checks;
use crate::map::{self, Unreadable};
use crate::notes::Notes;
use crate::wire;
use domain::order::Order;
use ports::source::Fact;

/// What a root of the file became.
pub(super) enum Prepared {
    Order(Box<Order>),
    /// Something about it has to be asked for first.
    Later(Box<wire::Order>),
    Product(Box<wire::Product>),
    Fact(Fact),
}

/// Why a part cannot be used.
pub(super) enum Unfit {
    Spool(SpoolError),
    Unreadable(Unreadable),
}

impl From<SpoolError> for Unfit {
    fn from(e: SpoolError) -> Self {
        Self::Spool(e)
    }
}

impl From<Unreadable> for Unfit {
    fn from(e: Unreadable) -> Self {
        Self::Unreadable(e)
    }
}

/// Everything in a part, by ascending id. `lenient`: what does not prove to be whole is left out.
pub(super) fn part(
    part: &Part,
    kind: BulkKind,
    lenient: bool,
) -> Result<(Vec<Prepared>, Notes), Unfit> {
    let (mut out, mut notes) = (Vec::new(), Notes::default());
    for group in part.groups()? {
        match kind {
            BulkKind::Orders => {
                out.extend(order(assemble::order(&group)?, lenient, &mut notes)?);
            }
            BulkKind::Products => {
                let product = assemble::product(&group)?;
                out.push(Prepared::Product(Box::new(product)));
            }
            BulkKind::Customers => {
                let customer = map::customer(&assemble::customer(&group)?)?;
                out.push(Prepared::Fact(Fact::Customer(customer)));
            }
            BulkKind::Inventory => {
                let (item, levels) = assemble::levels(&group)?;
                for level in &levels {
                    let level = map::level(level, Some(&item))?;
                    out.push(Prepared::Fact(Fact::Level(level)));
                }
            }
        }
    }
    Ok((out, notes))
}

fn order(
    wire: wire::Order,
    lenient: bool,
    notes: &mut Notes,
) -> Result<Option<Prepared>, Unreadable> {
    if wire.refunds.iter().flatten().flatten().next().is_some() {
        return Ok(Some(Prepared::Later(Box::new(wire))));
    }
    let order = map::order(&wire, notes)?;
    if lenient && !checks::order_is_whole(&order) {
        return Ok(None);
    }
    if checks::order_looks_cut(&wire, &order) {
        return Ok(Some(Prepared::Later(Box::new(wire))));
    }
    Ok(Some(Prepared::Order(Box::new(order))))
}
