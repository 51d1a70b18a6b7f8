//! Money of one currency told in another, by the rate of the day.
//!
//! A rate belongs to a day, a pair and a source. The rate of a day is that day's, else the latest earlier one that is not older
//! than a stated number of days (weekends, holidays); else there is none, and the figure is withheld by name. Amounts are carried
//! exactly (28 digits) and rounded once, by [`crate::money::round_to_minor`].

mod rate;
mod sums;
mod table;

pub use rate::{Rate, RateError, RateSource};
pub use sums::{ConvertedSums, counts};
pub use table::{DEFAULT_MAX_AGE_DAYS, DayRate, NoRate, RateTable};
