//! How long goods took, from own orders.

use super::PurchaseOrder;
use crate::calendar::Calendar;
use crate::inventory_plan::{LeadTime, units};

/// Newest orders that tell something.
const MOST: usize = 20;
/// A single one tells no variation.
const LEAST: usize = 2;

/// From the day on which an order was sent to the day of its first receipt, over the newest orders; with how many they were. `None` of fewer than two.
#[must_use]
pub fn learned<'a>(
    orders: impl IntoIterator<Item = &'a PurchaseOrder>,
    calendar: &Calendar,
) -> Option<(LeadTime, usize)> {
    let mut took: Vec<_> = orders
        .into_iter()
        .filter_map(|order| {
            let (sent, _) = order.sent.as_ref()?;
            let received = order.receipts.iter().map(|r| r.received_on).min()?;
            let days = (received - calendar.day_of(sent.at)).num_days();
            (days >= 0).then_some((received, units(days)))
        })
        .collect();
    took.sort_by_key(|(on, _)| std::cmp::Reverse(*on));
    took.truncate(MOST);
    if took.len() < LEAST {
        return None;
    }
    let n = f64::from(u32::try_from(took.len()).ok()?);
    let mean = took.iter().map(|(_, d)| d).sum::<f64>() / n;
    let squares: f64 = took.iter().map(|(_, d)| (d - mean).powi(2)).sum();
    let lead = LeadTime {
        mean_days: mean,
        sd_days: (squares / (n - 1.0)).sqrt(),
    };
    Some((lead, took.len()))
}
