//! Answers questions from the store's own data, without a model: each question is read by the use cases that its page is read by, so that an
//! answer can never differ from what the page shows.

mod figure;
mod names;
mod ranking;
mod say;
mod topics;
mod unsure;
mod why;

use crate::ads::{AdError, Ads};
use crate::agents::{AgentError, Agents};
use crate::changes::Changes;
use crate::connections::Connections;
use crate::inventory::{Inventory, InventoryError};
use crate::opportunities::Opportunities;
use crate::orders::Orders;
use crate::reports::{CurrencyChoice, ReportError, ReportQuery, Reports, StoreChoice};
use crate::stores::{StoreError, Stores};
use crate::{Ports, backups::Backups};
use chrono::NaiveDate;
use domain::assistant::answer::{Answer, Outcome};
use domain::assistant::question::{Question, Reading, Span, Topic, read};
use domain::calendar::CalendarError;
use domain::ids::WorkspaceId;
use domain::store::Store;
use ports::PortError;

/// All that answers are read from.
#[derive(Clone)]
pub struct Desk {
    pub reports: Reports,
    pub inventory: Inventory,
    pub changes: Changes,
    pub agents: Agents,
    pub orders: Orders,
    pub opportunities: Opportunities,
    pub connections: Connections,
    pub backups: Backups,
    pub ads: Ads,
}

#[derive(Clone)]
pub struct Analyst {
    pub(super) ports: Ports,
    pub(super) stores: Stores,
    pub(super) desk: Desk,
}

/// Why a question could not be answered although it was understood.
#[derive(Debug, thiserror::Error)]
pub enum AnswerError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Report(#[from] ReportError),
    #[error(transparent)]
    Inventory(#[from] InventoryError),
    #[error(transparent)]
    Agent(#[from] AgentError),
    #[error(transparent)]
    Ads(#[from] AdError),
    #[error(transparent)]
    Calendar(#[from] CalendarError),
    #[error(transparent)]
    Port(#[from] PortError),
}

/// Whose question it is.
#[derive(Debug, Clone)]
struct Shop {
    workspace: WorkspaceId,
    /// Oldest first; at least one.
    stores: Vec<Store>,
    /// Of the first store.
    today: NaiveDate,
}

impl Analyst {
    #[must_use]
    pub fn new(ports: Ports, desk: Desk) -> Self {
        Self {
            stores: Stores::new(ports.clone()),
            ports,
            desk,
        }
    }

    /// Reads a text and answers it, or asks back.
    pub async fn ask(&self, workspace: WorkspaceId, text: &str) -> Result<Answer, AnswerError> {
        let Some(shop) = self.shop(workspace).await? else {
            return Ok(no_store());
        };
        match read(text, shop.today) {
            Reading::Understood(question) => self.tell(&shop, &question).await,
            Reading::Unsure(unsure) => Ok(unsure::ask_back(&unsure)),
        }
    }

    /// How the answer to a text begins where it takes a while to look up; its words are those of the question as it was understood.
    pub async fn lead(
        &self,
        workspace: WorkspaceId,
        text: &str,
    ) -> Result<Option<String>, AnswerError> {
        let Some(shop) = self.shop(workspace).await? else {
            return Ok(None);
        };
        Ok(match read(text, shop.today) {
            Reading::Understood(question) => say::lead(&question, shop.today),
            Reading::Unsure(_) => None,
        })
    }

    /// Answers a question that was put together already.
    pub async fn answer(
        &self,
        workspace: WorkspaceId,
        question: &Question,
    ) -> Result<Answer, AnswerError> {
        let shop = self.shop(workspace).await?.ok_or(StoreError::NoStore)?;
        self.tell(&shop, question).await
    }

    /// Today in the first store; `None` without any.
    pub async fn today(&self, workspace: WorkspaceId) -> Result<Option<NaiveDate>, AnswerError> {
        Ok(self.shop(workspace).await?.map(|shop| shop.today))
    }

    async fn shop(&self, workspace: WorkspaceId) -> Result<Option<Shop>, AnswerError> {
        let stores = self.stores.list(workspace).await?;
        let Some(first) = stores.first() else {
            return Ok(None);
        };
        let today = first.calendar()?.day_of(self.ports.clock.now());
        Ok(Some(Shop {
            workspace,
            stores,
            today,
        }))
    }

    async fn tell(&self, shop: &Shop, question: &Question) -> Result<Answer, AnswerError> {
        match question {
            Question::Figure(question) => self.figure(shop, question).await,
            Question::Ranking(question) => self.ranking(shop, question).await,
            Question::Why(question) => self.why(shop, question).await,
            Question::Meaning(figure) => Ok(say::meaning(figure)),
            Question::Topic(topic) => match topic {
                Topic::RunsOut(within) => self.runs_out(shop, *within).await,
                Topic::ToOrder => self.to_order(shop).await,
                Topic::Demand(days) => self.demand(shop, *days).await,
                Topic::Waiting => self.waiting(shop).await,
                Topic::AgentWork(span) => self.agent_work(shop, span).await,
                Topic::StuckOrders => self.stuck_orders(shop).await,
                Topic::ToSell => self.to_sell(shop).await,
                Topic::Suppliers => self.supplier_changes(shop).await,
                Topic::LosingAds(span) => self.losing_ads(shop, span).await,
                Topic::Health => self.health(shop).await,
                Topic::Help => Ok(unsure::help()),
            },
        }
    }
}

pub(super) fn no_store() -> Answer {
    let text = "No store is connected yet, so there is nothing to tell. Connect a shop, the sandbox store, or import a file.";
    Answer::of(Outcome::NotKnown, text).link("Get started", "/start")
}

/// All figures with their units and formulas.
pub(super) fn figures() -> Answer {
    let lines: Vec<String> = domain::passport::all()
        .map(|figure| {
            let (name, title, unit) = (figure.name, figure.title, figure.unit.as_str());
            format!(
                "{name} ({unit}): {title}. {} = {}",
                figure.words, figure.symbols
            )
        })
        .collect();
    Answer::of(Outcome::Answered, lines.join("\n"))
}

impl Shop {
    /// All stores together where there are several.
    fn query(&self, span: &Span) -> ReportQuery {
        ReportQuery {
            workspace: self.workspace,
            store: match self.stores.len() {
                1 => StoreChoice::First,
                _ => StoreChoice::All,
            },
            currency: CurrencyChoice::Usual,
            from: Some(span.range.from),
            to: Some(span.range.to),
            compare: None,
        }
    }
}
