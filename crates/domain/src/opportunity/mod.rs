//! Which supplier products are worth selling: what one costs until it is with a customer, what it could be sold for, and a score with its factors.
//!
//! Each figure names its source or the reason why there is none; a factor without a source is left out and shows in the completeness and the interval.

mod alike;
mod facts;
mod landed;
mod matching;
mod score;
mod settings;
mod times;
mod trend;
mod trend_file;
mod watch;

pub use crate::scoring::{Figure, Points};
pub use facts::{Category, FeeModel, OwnFacts, median};
pub use landed::{Lead, Offered, Span};
pub use matching::{Group, NEARLY, SameAs, SameBy, Sketch, groups, nearly, words};
pub use score::{
    FactorName, FactorScore, Opportunity, Potential, assess, assess_group, group_key, title_key,
};
pub use settings::{OpportunitySettings, ScoreSettings, Weights};
pub use times::CountryTime;
pub use trend::{TrendAbout, TrendFound, TrendPoint, TrendSeries, series_of};
pub use trend_file::{
    MOST_SERIES as MOST_TRENDS, ReadTrend, ReadTrends, Table as TrendTable, read_trends,
};
pub use watch::{Decision, Watch, Watched};

#[cfg(test)]
mod tests;
