//! What programs ask: the same questions as people's, put together from typed arguments instead of words.
//!
//! One list for models and for every outside assistant. All of it reads; what proposes stands in `proposals.rs`.

use super::{Analyst, AnswerError};
use chrono::NaiveDate;
use domain::assistant::answer::Answer;
use domain::assistant::question::{
    Against, By, FigureQuestion, MAX_RANKED, Named, Question, RANKED, RankingQuestion, Span, Topic,
    WhyQuestion,
};
use domain::calendar::{DayRange, Grain};
use domain::ids::WorkspaceId;
use domain::passport;
use schemars::{JsonSchema, Schema};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Days that a question covers when it names none.
const USUAL_DAYS: u64 = 30;

/// One tool as it is told to a program.
pub struct Tool {
    pub name: &'static str,
    pub title: &'static str,
    pub description: &'static str,
    pub(super) schema: fn() -> Schema,
}

impl Tool {
    /// JSON Schema of its arguments.
    #[must_use]
    pub fn schema(&self) -> Value {
        (self.schema)().to_value()
    }
}

/// Why a tool did not answer.
#[derive(Debug, thiserror::Error)]
pub enum ToolError {
    #[error("there is no tool {0}")]
    Unknown(String),
    /// What is wrong with the arguments.
    #[error("{0}")]
    Arguments(String),
    #[error(transparent)]
    Answer(#[from] AnswerError),
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Ask {
    /// A question in plain English, e.g. "net profit last week by product".
    question: String,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Nothing {}

/// What the rows of an answer are.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Rows {
    Day,
    Week,
    Month,
    Store,
    Product,
    Variant,
    Channel,
    Country,
}

/// With which days a figure is compared.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Compare {
    /// As many days, which end the day before.
    Previous,
    /// The same days one year earlier.
    Year,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Figure {
    /// Name of the figure, as `list_figures` tells them, e.g. net_profit.
    figure: String,
    /// First day, YYYY-MM-DD, in the store's calendar; 30 days up to the last one when left out.
    from: Option<NaiveDate>,
    /// Last day, included; today when left out.
    to: Option<NaiveDate>,
    compare: Option<Compare>,
    /// One row for each of these beside the total.
    by: Option<Rows>,
    /// Only of the product, variant, country, channel or store of this name.
    of: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Ranking {
    by: Rows,
    /// Name of the figure, as `list_figures` tells them.
    figure: String,
    /// The smallest first.
    #[serde(default)]
    ascending: bool,
    /// At most 50; 5 when left out.
    limit: Option<usize>,
    /// First day, YYYY-MM-DD; 30 days up to the last one when left out.
    from: Option<NaiveDate>,
    /// Last day, included; today when left out.
    to: Option<NaiveDate>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Explain {
    /// Name of the figure; net_profit when left out.
    figure: Option<String>,
    /// First day, YYYY-MM-DD; 30 days up to the last one when left out.
    from: Option<NaiveDate>,
    /// Last day, included; today when left out.
    to: Option<NaiveDate>,
    compare: Option<Compare>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Define {
    /// Name of the figure, as `list_figures` tells them.
    figure: String,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RunsOut {
    /// From today on, at most 365; 28 when left out.
    within_days: Option<u32>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Days {
    /// First day, YYYY-MM-DD; 30 days up to the last one when left out.
    from: Option<NaiveDate>,
    /// Last day, included; today when left out.
    to: Option<NaiveDate>,
}

macro_rules! tools {
    ($list:ident $($name:literal $title:literal $arguments:ty: $description:literal)+) => {
        /// In the order in which they are told.
        pub const $list: &[$crate::assistant::tools::Tool] = &[$($crate::assistant::tools::Tool {
            name: $name,
            title: $title,
            description: $description,
            schema: || schemars::schema_for!($arguments),
        }),+];
    };
}
pub(super) use tools;

tools! { TOOLS
    "ask" "Ask in words" Ask: "Answers a question in plain English from the store's own data, or asks back what it did not understand. Prefer the typed tools."
    "list_figures" "List figures" Nothing: "Names, titles, units and formulas of all figures that can be asked for."
    "define_figure" "Define a figure" Define: "What a figure means, how it is computed, and how other products define it."
    "figure" "Read a figure" Figure: "The value of a figure over days of the store, with coverage and source; compared with other days, by rows, or of one product, variant, country, channel or store."
    "ranking" "Rank by a figure" Ranking: "Products, variants, channels, countries, stores or days in the order of a figure."
    "explain_change" "Explain a change" Explain: "Why a figure changed between days: of net profit an exact bridge of volume, mix, prices, costs, discounts, refunds, fees and ads."
    "stock_running_out" "What runs out" RunsOut: "Variants whose stock is expected to run out, soonest first."
    "what_to_order" "What to order" Nothing: "Quantities to order now by reorder point and lead time, with their cost."
    "demand_forecast" "Expected demand" Nothing: "Units expected within 28 days by variant."
    "waiting_for_decision" "What waits for a person" Nothing: "Proposed change-sets, by expected effect."
    "agent_work" "What agents did" Days: "Runs and proposals of agents over days, and whether what they predicted came true."
    "stuck_orders" "Stuck orders" Nothing: "Paid orders that wait too long to be sent."
    "opportunities" "What to sell next" Nothing: "Offers of suppliers that are worth selling, with score, margin and price."
    "supplier_changes" "What suppliers changed" Nothing: "Prices and stock that suppliers changed within the last 7 days, and orders of goods that are late."
    "ads" "Ads" Days: "Ad spend and its efficiency over days."
    "health" "Health" Nothing: "Whether connections, data and backups are well and fresh."
}

pub(super) fn read<T: DeserializeOwned>(arguments: Value) -> Result<T, ToolError> {
    let arguments = match arguments {
        Value::Null => Value::Object(serde_json::Map::new()),
        other => other,
    };
    serde_json::from_value(arguments).map_err(|error| ToolError::Arguments(error.to_string()))
}

fn known(name: &str) -> Result<&'static str, ToolError> {
    let found = passport::find(name);
    found.map(|definition| definition.name).ok_or_else(|| {
        let message = format!("there is no figure {name}; list_figures tells their names");
        ToolError::Arguments(message)
    })
}

fn span(
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    today: NaiveDate,
) -> Result<Span, ToolError> {
    if from.is_none() && to.is_none() {
        return Ok(Span::usual(USUAL_DAYS, today));
    }
    let to = to.unwrap_or(today);
    let from = from.unwrap_or_else(|| Span::last(USUAL_DAYS, to).range.from);
    let range = DayRange::new(from, to);
    let range = range.map_err(|error| ToolError::Arguments(error.to_string()))?;
    Ok(Span {
        words: match from == to {
            true => from.to_string(),
            false => format!("{from} to {to}"),
        },
        range,
        is_usual: false,
    })
}

impl From<Rows> for By {
    fn from(rows: Rows) -> Self {
        match rows {
            Rows::Day => Self::Period(Grain::Day),
            Rows::Week => Self::Period(Grain::Week),
            Rows::Month => Self::Period(Grain::Month),
            Rows::Store => Self::Store,
            Rows::Product => Self::Product,
            Rows::Variant => Self::Variant,
            Rows::Channel => Self::Channel,
            Rows::Country => Self::Country,
        }
    }
}

impl From<Compare> for Against {
    fn from(compare: Compare) -> Self {
        match compare {
            Compare::Previous => Self::Previous,
            Compare::Year => Self::YearBefore,
        }
    }
}

/// The question that a call asks on a day of the store.
fn question(name: &str, arguments: Value, today: NaiveDate) -> Result<Question, ToolError> {
    let topic =
        |arguments: Value, topic: Topic| read::<Nothing>(arguments).map(|_| Question::Topic(topic));
    match name {
        "define_figure" => {
            let asked: Define = read(arguments)?;
            Ok(Question::Meaning(known(&asked.figure)?))
        }
        "figure" => {
            let asked: Figure = read(arguments)?;
            Ok(Question::Figure(FigureQuestion {
                figure: known(&asked.figure)?,
                span: span(asked.from, asked.to, today)?,
                against: asked.compare.map(Against::from),
                split: asked.by.map(By::from),
                of: asked.of.map(|name| Named { by: None, name }),
            }))
        }
        "ranking" => {
            let asked: Ranking = read(arguments)?;
            let limit = asked.limit.unwrap_or(RANKED);
            if !(1..=MAX_RANKED).contains(&limit) {
                let message = format!("limit must be from 1 to {MAX_RANKED}");
                return Err(ToolError::Arguments(message));
            }
            Ok(Question::Ranking(RankingQuestion {
                by: asked.by.into(),
                figure: known(&asked.figure)?,
                descending: !asked.ascending,
                both_ends: false,
                limit,
                span: span(asked.from, asked.to, today)?,
            }))
        }
        "explain_change" => {
            let asked: Explain = read(arguments)?;
            Ok(Question::Why(WhyQuestion {
                figure: known(asked.figure.as_deref().unwrap_or("net_profit"))?,
                span: span(asked.from, asked.to, today)?,
                against: asked.compare.map_or(Against::Previous, Against::from),
            }))
        }
        "stock_running_out" => {
            let asked: RunsOut = read(arguments)?;
            if asked
                .within_days
                .is_some_and(|days| !(1..=365).contains(&days))
            {
                let message = "within_days must be from 1 to 365".to_owned();
                return Err(ToolError::Arguments(message));
            }
            Ok(Question::Topic(Topic::RunsOut(asked.within_days)))
        }
        "agent_work" => {
            let asked: Days = read(arguments)?;
            let span = span(asked.from, asked.to, today)?;
            Ok(Question::Topic(Topic::AgentWork(span)))
        }
        "ads" => {
            let asked: Days = read(arguments)?;
            let span = span(asked.from, asked.to, today)?;
            Ok(Question::Topic(Topic::LosingAds(span)))
        }
        "what_to_order" => topic(arguments, Topic::ToOrder),
        "demand_forecast" => topic(arguments, Topic::Demand(None)),
        "waiting_for_decision" => topic(arguments, Topic::Waiting),
        "stuck_orders" => topic(arguments, Topic::StuckOrders),
        "opportunities" => topic(arguments, Topic::ToSell),
        "supplier_changes" => topic(arguments, Topic::Suppliers),
        "health" => topic(arguments, Topic::Health),
        other => Err(ToolError::Unknown(other.to_owned())),
    }
}

impl Analyst {
    /// Calls a tool by its name.
    pub async fn call(
        &self,
        workspace: WorkspaceId,
        name: &str,
        arguments: Value,
    ) -> Result<Answer, ToolError> {
        match name {
            "ask" => {
                let asked: Ask = read(arguments)?;
                Ok(self.ask(workspace, &asked.question).await?)
            }
            "list_figures" => {
                let Nothing {} = read(arguments)?;
                Ok(super::analyst::figures())
            }
            _ => {
                let Some(today) = self.today(workspace).await? else {
                    // Arguments are looked at all the same: a wrong one is wrong on any day.
                    question(name, arguments, NaiveDate::default())?;
                    return Ok(super::analyst::no_store());
                };
                let question = question(name, arguments, today)?;
                Ok(self.answer(workspace, &question).await?)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 25).unwrap_or_default()
    }

    #[test]
    fn every_tool_takes_its_arguments_and_refuses_others() {
        for tool in TOOLS {
            let schema = tool.schema();
            assert_eq!(schema["type"], "object", "{}", tool.name);
            assert_eq!(schema["additionalProperties"], false, "{}", tool.name);
            let odd = question(tool.name, json!({ "odd": 1 }), today());
            let is_words = ["ask", "list_figures"].contains(&tool.name);
            match odd {
                Err(ToolError::Arguments(_)) => assert!(!is_words),
                Err(ToolError::Unknown(_)) => assert!(is_words, "{}", tool.name),
                other => panic!("{}: {other:?}", tool.name),
            }
        }
    }

    #[test]
    fn what_is_wrong_with_arguments_is_named() {
        let refused = |name: &str, arguments: Value| match question(name, arguments, today()) {
            Err(ToolError::Arguments(message)) => message,
            other => panic!("{name}: {other:?}"),
        };
        assert!(refused("figure", json!({ "figure": "wealth" })).contains("no figure wealth"));
        let backwards = json!({ "figure": "orders", "from": "2026-02-01", "to": "2026-01-01" });
        assert!(refused("figure", backwards).contains("before it begins"));
        let many = json!({ "by": "product", "figure": "orders", "limit": 51 });
        assert!(refused("ranking", many).contains("from 1 to 50"));
        assert!(refused("stock_running_out", json!({ "within_days": 0 })).contains("365"));
        assert!(refused("figure", json!({})).contains("figure"));
    }
}
