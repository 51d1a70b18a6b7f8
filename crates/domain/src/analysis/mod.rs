//! What an analyst looks at every morning: days that are unlike what they should be, and the brief of the day before.

pub mod anomaly;
pub mod brief;
pub mod detect;
#[cfg(test)]
mod tests;

pub use anomaly::{Anomaly, Kept, Mark, Standing, Watched};
pub use brief::{Brief, BriefFigure, Gap, Moved, Need, Part};
pub use detect::{Finding, Looked, look};
