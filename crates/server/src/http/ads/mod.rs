//! Ad accounts, and campaigns judged by profit.

pub(crate) mod accounts;
pub(crate) mod ad_sets;
pub(crate) mod attribution;
pub(crate) mod campaigns;
pub(crate) mod of_campaign;
pub(crate) mod profit;
pub(crate) mod view;
