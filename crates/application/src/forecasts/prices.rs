//! Prices as what else is known of each day: of the past as far as they were seen, of the days to come as they stand now.

use crate::Ports;
use domain::calendar::Calendar;
use domain::forecast::Series;
use domain::forecast::stored::HORIZON;
use domain::ids::{StoreScope, VariantId};
use domain::inventory_plan::units;
use domain::prices::PriceRecord;
use ports::PortResult;
use std::collections::BTreeMap;

/// Variants whose prices are asked for at once.
const AT_ONCE: usize = 500;

/// Oldest first, of those that ever had another price.
pub(super) async fn changed(
    ports: &Ports,
    scope: StoreScope,
    ids: &[VariantId],
) -> PortResult<BTreeMap<VariantId, Vec<PriceRecord>>> {
    let mut prices: BTreeMap<VariantId, Vec<PriceRecord>> = BTreeMap::new();
    for ids in ids.chunks(AT_ONCE) {
        for record in ports.catalog.price_history(scope, ids).await? {
            prices.entry(record.variant).or_default().push(record);
        }
    }
    prices.retain(|_, records| records.windows(2).any(|w| w[0].price != w[1].price));
    Ok(prices)
}

/// A day has the price that was seen last by its end; before the first that was seen nothing is known.
pub(super) fn add(series: &mut Series, records: &[PriceRecord], calendar: &Calendar) {
    let mut column = vec![f64::NAN; series.values.len() + HORIZON];
    for record in records {
        let from = (calendar.day_of(record.seen_at) - series.start).num_days();
        let from = usize::try_from(from).unwrap_or(0);
        let rest = column.iter_mut().skip(from);
        rest.for_each(|price| *price = units(record.price));
    }
    series.regressors.push(column);
}

#[cfg(test)]
mod tests {
    use super::*;
    use testkit::builders::{at, day};

    #[test]
    fn a_price_holds_until_the_next_and_into_the_days_to_come() {
        let mut series = Series {
            id: "1".to_owned(),
            start: day("2026-03-01"),
            values: vec![1.0; 4],
            regressors: Vec::new(),
        };
        let seen = |on: &str, price| PriceRecord {
            variant: VariantId(1),
            price,
            compare_at_price: None,
            seen_at: at(on),
        };
        let records = [
            seen("2026-03-02T08:00:00Z", 900),
            seen("2026-03-04T23:30:00Z", 800),
        ];
        // In Berlin the second one was seen on the fifth.
        let calendar = Calendar::parse("Europe/Berlin").unwrap();
        add(&mut series, &records, &calendar);
        let column = &series.regressors[0];
        assert!(column[0].is_nan());
        assert_eq!(column[1..5], [900.0, 900.0, 900.0, 800.0]);
        assert_eq!(column[4 + HORIZON - 1..], [800.0]);
        assert!(series.known_ahead(0, HORIZON));
    }
}
