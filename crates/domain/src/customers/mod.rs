//! What customers are worth: their days, cohorts by the month of the first order, lifetime value in contribution margin, segments.
//!
//! Everything here is a fold over [`days`], which are themselves a fold over ledgers: no name, no mail address, no clock.

mod analysis;
mod cohort;
mod days;
mod estimate;
mod ltv;
mod rfm;
mod settings;

pub use analysis::{Analysis, Analyst, CustomerDayRow, Guests};
pub use cohort::{Cohort, CohortMonth, HorizonValue, Unknown};
pub use days::{CustomerDay, CustomerDayKey, CustomerDays, GUEST, fold};
pub use estimate::{Estimate, MIN_FOR_INTERVAL, Moments};
pub use ltv::{HORIZONS, Ltv, LtvPoint, Payback, payback};
pub use rfm::{
    FixedSegment, MIN_CUSTOMERS, Quintiles, Rectangle, Rfm, Segment, SegmentSums, Standing,
};
pub use settings::{CustomerSettings, SettingsError};
