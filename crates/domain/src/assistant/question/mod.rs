//! Questions in words, read without a model.
//!
//! The reader takes a text apart into phrases that it knows: figures, days, comparisons, splits, topics. **Every word has to be
//! accounted for**: one that nothing explains is asked back, because an answer to half of a question is a wrong answer. Words that
//! follow *of*, *for*, *in* or *from* may be names (of a product, a country, a channel); whether there is such a thing the store says.

mod assemble;
mod compose;
mod figures;
mod lexicon;
mod numbers;
mod phrase;
#[cfg(test)]
mod phrasings;
mod span;
mod topics;
mod words;

pub use compose::read;
pub use figures::called;
pub use span::Span;

use crate::calendar::Grain;

/// The longest question, in characters; also of a message to a model.
pub const MAX_CHARS: usize = 4000;
/// A ranking names so many unless it is told how many.
pub const RANKED: usize = 5;
/// A ranking never names more.
pub const MAX_RANKED: usize = 50;

/// What somebody wants to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    Figure(FigureQuestion),
    Ranking(RankingQuestion),
    /// Why a figure changed.
    Why(WhyQuestion),
    /// What a figure means and how it is computed: its name in [`crate::passport`].
    Meaning(&'static str),
    Topic(Topic),
}

/// The value of one figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FigureQuestion {
    /// Its name in [`crate::passport`].
    pub figure: &'static str,
    pub span: Span,
    pub against: Option<Against>,
    pub split: Option<By>,
    pub of: Option<Named>,
}

/// The first ones of something in the order of a figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RankingQuestion {
    pub by: By,
    pub figure: &'static str,
    /// The greatest first.
    pub descending: bool,
    /// As many from the other end too.
    pub both_ends: bool,
    /// At most [`MAX_RANKED`].
    pub limit: usize,
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WhyQuestion {
    pub figure: &'static str,
    pub span: Span,
    pub against: Against,
}

/// With which days a figure is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Against {
    /// As many days, which end the day before.
    Previous,
    /// The same days one year earlier.
    YearBefore,
    /// Days that were named. Of a period that is not over the same number of days from its beginning.
    Span(Span),
}

/// What the rows of an answer are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    Period(Grain),
    Store,
    Product,
    Variant,
    Channel,
    Country,
}

/// A name out of the question, as it was written; the store says what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// `None` where the question does not say.
    pub by: Option<By>,
    pub name: String,
}

/// What has a page of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Topic {
    /// What runs out, within so many days when they were named.
    RunsOut(Option<u32>),
    /// What has to be ordered, and whether it can be afforded.
    ToOrder,
    /// How many units will be sold.
    Demand(Option<u32>),
    /// What waits for a person.
    Waiting,
    /// What agents did.
    AgentWork(Span),
    /// Orders that are late, risky or to be refunded.
    StuckOrders,
    /// What to sell next.
    ToSell,
    /// What suppliers changed.
    Suppliers,
    /// Ads that lose money.
    LosingAds(Span),
    /// Whether the machine is well and the data fresh.
    Health,
    /// What can be asked.
    Help,
}

/// What became of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    Understood(Question),
    Unsure(Unsure),
}

/// Why a text is asked back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unsure {
    /// Nothing was said.
    Empty,
    /// Longer than [`MAX_CHARS`].
    TooLong,
    /// Words that nothing explains, as they were written.
    Words(Vec<String>),
    /// It is not said what is asked about; the days or the split were understood.
    About,
    /// More than one figure or topic at once.
    Several(Vec<&'static str>),
    /// It asks to do something: the assistant reads and proposes, it changes nothing.
    Command,
    /// Days that the calendar does not have or that lie ahead.
    Days(String),
}
