//! Files that a person imports: what kinds there are, how columns are understood, how rows become facts, and how far a file has come.
//!
//! Reading bytes is not done here; rows arrive as text. What cannot be read for sure is refused by row and column, or asked about;
//! nothing is guessed.

mod cells;
mod date;
mod evidence;
mod fields;
mod job;
mod kinds;
mod mapping;
mod number;
mod offer_fields;
mod offers;
mod order_parts;
mod orders;
mod products;
mod row;
mod table_fields;
mod tables;

pub use date::{DateOrder, Moment, NotADate, parse_moment};
pub use evidence::{Evidence, Styles};
pub use job::{
    CheckReport, FileFacts, Import, ImportCounts, ImportFailure, ImportStatus, Place, Progress,
};
pub use kinds::{FieldKind, FieldSpec, ImportKind, KindSpec, Need, kind_of_headers};
pub use mapping::{Choice, Layout, Mapping, MappingFault, Question, header_set, normalise};
pub use number::{NotANumber, NumberStyle, parse_number};
pub use offers::{
    CURRENCY as CURRENCY_QUESTION, MOST_REFUSED_PERCENT, PLATFORM as PLATFORM_QUESTION,
    SNAPSHOT as SNAPSHOT_QUESTION, is_lasting, is_whole, offer_questions, platform,
};
pub use orders::{OrderContext, ReadOrder, read_order};
pub use products::{ProductContext, ReadProduct, is_variant_row, read_product, variant_of_sku};
pub use row::{Row, RowProblem, Severity};
pub use tables::{
    AdSpendRow, CostRow, FeeRuleRow, FixedCostRow, Period, RateRow, ShippingRow, TableRow,
    read_table_row,
};

use crate::ids::StoreId;
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// When an imported order or product last changed: a file does not say, so it is older than anything that a provider tells, and a
/// provider's version always wins.
pub const IMPORTED_AT: DateTime<Utc> = DateTime::UNIX_EPOCH;

/// An id for a thing that the file names but gives no number: the same for the same words in the same store, and never one that a
/// provider gives, because those are positive.
#[must_use]
pub fn stable_id(store: StoreId, kind: &str, name: &str) -> i64 {
    let hash = Uuid::new_v5(&store.0, format!("{kind}\n{name}").as_bytes()).as_u128();
    let positive = i64::try_from(hash >> 65).unwrap_or(i64::MAX);
    -positive.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stable_ids_are_negative_and_tell_stores_and_kinds_apart() {
        let store = |n| StoreId(Uuid::from_u128(n));
        let id = stable_id(store(1), "order", "#1001");
        assert!(id < 0);
        assert_eq!(id, stable_id(store(1), "order", "#1001"));
        assert_ne!(id, stable_id(store(2), "order", "#1001"));
        assert_ne!(id, stable_id(store(1), "product", "#1001"));
    }
}
