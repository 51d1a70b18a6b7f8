//! Which way has which line of an order, and why a line is not had of anybody now.

use super::{SupplyError, SupplyOffer, SupplyWish, fault};
use domain::changes::SeenShipping;
use domain::ids::{LineId, SupplierMappingId};
use domain::order::{Order, OrderLine};
use domain::supplier::SupplierOrder;
use std::collections::BTreeMap;

/// Which mapping has which line.
pub(super) fn chosen(
    offer: &SupplyOffer,
    wish: &SupplyWish,
) -> Result<BTreeMap<LineId, SupplierMappingId>, SupplyError> {
    let mut chosen = BTreeMap::new();
    for line in &offer.lines {
        let is_wanted = wish.lines.as_ref().map(|lines| lines.contains(&line.line));
        if is_wanted == Some(false) {
            continue;
        }
        let by = wish.by.get(&line.line);
        let route = match by {
            Some(by) => line.routes.iter().find(|r| r.mapping == *by),
            None => line.routes.first(),
        };
        match (route, is_wanted.is_some() || by.is_some()) {
            (Some(route), _) => {
                chosen.insert(line.line, route.mapping);
            }
            // Somebody named it, and has to know.
            (None, true) => {
                let refused = line.refused.first().map(|(_, _, why)| why.to_string());
                let why = line.against.clone().or(refused);
                let why = why.unwrap_or_else(|| "it is not had that way".to_owned());
                return fault("lines", format!("{}: {why}", line.title));
            }
            (None, false) => {}
        }
    }
    if chosen.is_empty() {
        let why = offer.lines.iter().find_map(|l| {
            let refused = l.refused.first().map(|(_, _, why)| why.to_string());
            let why = l.against.clone().or(refused)?;
            Some(format!("{}: {why}", l.title))
        });
        return fault(
            "lines",
            why.unwrap_or_else(|| "has nothing to be sent".to_owned()),
        );
    }
    Ok(chosen)
}

/// Why a line is not had of anybody now.
pub(super) fn against(
    line: &OrderLine,
    order: &Order,
    shown: Option<&SeenShipping>,
    standing: &[SupplierOrder],
) -> Option<String> {
    let holds = |o: &&SupplierOrder| {
        o.state.holds_lines() && o.plan.lines.iter().any(|l| l.line == line.id)
    };
    if let Some(other) = standing.iter().find(holds) {
        return Some(format!("it is ordered at {} already", other.plan.supplier));
    }
    if order.test {
        return Some("the order is a test".to_owned());
    }
    if line.current_quantity < 1 {
        return Some("nothing is left of it".to_owned());
    }
    let Some(shown) = shown else {
        return Some("the shop does not show what can be sent of it".to_owned());
    };
    use domain::changes::SupplyAgainst as A;
    shown
        .against(&vec![(line.id, line.current_quantity)])
        .map(|against| match against {
            A::Cancelled => "the order was cancelled".to_owned(),
            A::NotPaid => "the order is not paid".to_owned(),
            A::Held => "the order is held back".to_owned(),
            _ => "it was sent, refunded or taken off".to_owned(),
        })
}
