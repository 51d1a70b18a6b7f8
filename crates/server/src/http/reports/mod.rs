//! Reports: profit by anything, the day's pulse, and the key figures of the earlier system.

pub(crate) mod csv;
pub(crate) mod figures;
pub(crate) mod kpis;
pub(crate) mod profit;
pub(crate) mod pulse;
pub(crate) mod query;
