//! Products in the order of what they earned, in pages: the catalogue says which, the rollups say how much.

use crate::reports::ReportRow;
use domain::ids::ProductId;
use ports::{Kind, PageRequest, PortError, Retry};
use std::cmp::Ordering;
use std::collections::BTreeMap;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Earned {
    Units,
    NetSales,
    NetProfit,
}

/// What is not known stands last, whichever way the rest is sorted; equal ones stand by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ByEarned {
    pub figure: Earned,
    pub descending: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    value: Option<i64>,
    id: ProductId,
}

pub(super) struct RankedPage {
    pub ids: Vec<ProductId>,
    pub next_cursor: Option<String>,
}

impl ByEarned {
    fn value(self, row: Option<&ReportRow>) -> Option<i64> {
        let figures = &row?.figures;
        match self.figure {
            Earned::Units => Some(figures.measures.units),
            Earned::NetSales => Some(figures.net_sales),
            Earned::NetProfit => figures.net_profit,
        }
    }

    fn order(self, left: &Place, right: &Place) -> Ordering {
        let by_value = match (left.value, right.value) {
            (Some(a), Some(b)) if self.descending => b.cmp(&a),
            (Some(a), Some(b)) => a.cmp(&b),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => Ordering::Equal,
        };
        by_value.then(left.id.cmp(&right.id))
    }

    fn mark(self) -> String {
        let figure = match self.figure {
            Earned::Units => "units",
            Earned::NetSales => "net_sales",
            Earned::NetProfit => "net_profit",
        };
        format!("{figure}{}", if self.descending { "-down" } else { "-up" })
    }

    /// Names the last row of a page, so that products that come or go between two pages shift nothing.
    fn cursor(self, last: &Place) -> String {
        let value = last
            .value
            .map_or_else(|| "none".to_owned(), |v| v.to_string());
        format!("{}~{value}~{}", self.mark(), last.id)
    }

    fn read(self, cursor: &str) -> Option<Place> {
        let mut parts = cursor.split('~');
        if parts.next()? != self.mark() {
            return None;
        }
        let value = match parts.next()? {
            "none" => None,
            number => Some(number.parse().ok()?),
        };
        let id = parts.next()?.parse().ok()?;
        parts.next().is_none().then_some(Place { value, id })
    }

    pub(super) fn page(
        self,
        numbers: Vec<ProductId>,
        performance: &BTreeMap<String, ReportRow>,
        page: &PageRequest,
    ) -> Result<RankedPage, PortError> {
        let after = match &page.cursor {
            None => None,
            Some(cursor) => Some(self.read(cursor).ok_or_else(foreign)?),
        };
        let mut places: Vec<Place> = numbers
            .into_iter()
            .map(|id| Place {
                value: self.value(performance.get(&id.to_string())),
                id,
            })
            .collect();
        places.sort_unstable_by(|left, right| self.order(left, right));
        let start = after.map_or(0, |last| {
            places.partition_point(|place| self.order(place, &last) != Ordering::Greater)
        });
        let rest = places.get(start..).unwrap_or_default();
        let shown = &rest[..rest.len().min(page.limit as usize)];
        let more = rest.len() > shown.len();
        Ok(RankedPage {
            ids: shown.iter().map(|place| place.id).collect(),
            next_cursor: shown.last().filter(|_| more).map(|last| self.cursor(last)),
        })
    }
}

fn foreign() -> PortError {
    PortError::new(
        Kind::Rejected,
        Retry::Never,
        "products",
        "products.list",
        "the cursor was not made by this list; start again without one",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::rollup::Measures;

    fn earned(sales: &[(i64, i64)]) -> BTreeMap<String, ReportRow> {
        let row = |id: i64, gross_sales: i64| {
            let measures = Measures {
                gross_sales,
                ..Measures::default()
            };
            (
                id.to_string(),
                ReportRow::new(id.to_string(), String::new(), measures),
            )
        };
        sales.iter().map(|&(id, sales)| row(id, sales)).collect()
    }

    fn all(by: ByEarned, ids: &[i64], sales: &[(i64, i64)]) -> Vec<i64> {
        let mut request = PageRequest::first(2);
        let mut seen = Vec::new();
        loop {
            let numbers = ids.iter().copied().map(ProductId).collect();
            let page = by.page(numbers, &earned(sales), &request).unwrap();
            assert!(page.ids.len() <= 2);
            seen.extend(page.ids.iter().map(|id| id.0));
            match page.next_cursor {
                Some(cursor) => request.cursor = Some(cursor),
                None => return seen,
            }
        }
    }

    const DOWN: ByEarned = ByEarned {
        figure: Earned::NetSales,
        descending: true,
    };

    #[test]
    fn every_product_is_on_one_page_and_the_unknown_is_last_either_way() {
        let ids = [9, 1, 5, 3, 7];
        let sales = [(1, 10), (3, 30), (5, 10), (9, -4)];
        assert_eq!(all(DOWN, &ids, &sales), [3, 1, 5, 9, 7]);
        let up = ByEarned {
            descending: false,
            ..DOWN
        };
        assert_eq!(all(up, &ids, &sales), [9, 1, 5, 3, 7]);
        assert!(all(DOWN, &[], &[]).is_empty());
    }

    #[test]
    fn a_product_that_is_gone_leaves_no_hole() {
        let request = PageRequest {
            cursor: Some("net_sales-down~20~4".to_owned()),
            limit: 2,
        };
        let numbers = vec![ProductId(1), ProductId(3)];
        let page = DOWN.page(numbers, &earned(&[(1, 10), (3, 30)]), &request);
        assert_eq!(page.unwrap().ids, [ProductId(1)]);
    }

    #[test]
    fn a_cursor_of_another_sort_is_refused() {
        for cursor in [
            "units-down~20~4",
            "net_sales-up~20~4",
            "net_sales-down~x~4",
            "",
            "net_sales-down~1~2~3",
        ] {
            let request = PageRequest {
                cursor: Some(cursor.to_owned()),
                limit: 2,
            };
            let refused = DOWN.page(vec![ProductId(1)], &earned(&[]), &request);
            assert_eq!(
                refused.err().map(|e| e.kind),
                Some(Kind::Rejected),
                "{cursor}"
            );
        }
    }
}
