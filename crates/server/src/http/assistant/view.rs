//! Sessions, messages and answers as they are shown.

use chrono::{DateTime, NaiveDate, Utc};
use domain::assistant::answer::{Amount, Answer, Fact, Outcome, Source, Table, TableRow};
use domain::assistant::session::{Conversation, Message};
use domain::money::format_minor;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AssistantSession)]
pub(crate) struct SessionBody {
    id: String,
    agent_type: String,
    user_id: String,
    created_at: DateTime<Utc>,
    /// `active`: sessions do not end by themselves.
    status: String,
    message_count: u64,
    /// The beginning of the first question, or what it was named.
    title: Option<String>,
    updated_at: DateTime<Utc>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AssistantMessage)]
pub(crate) struct MessageBody {
    id: String,
    session_id: String,
    /// `user` or `assistant`.
    role: String,
    content: String,
    timestamp: DateTime<Utc>,
    /// Of the assistant's own answers: the figures with their sources.
    answer: Option<AnswerBody>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AssistantOutcome)]
pub(crate) enum OutcomeBody {
    Answered,
    AskedBack,
    NotKnown,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AssistantAnswer)]
pub(crate) struct AnswerBody {
    outcome: OutcomeBody,
    /// Plain sentences.
    text: String,
    facts: Vec<FactBody>,
    table: Option<TableBody>,
    links: Vec<LinkBody>,
    /// Questions that would be understood.
    suggestions: Vec<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AssistantFact)]
pub(crate) struct FactBody {
    label: String,
    value: Option<AmountBody>,
    /// Why there is no value.
    reason: Option<String>,
    source: SourceBody,
}

/// One value with its unit.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AssistantAmount)]
pub(crate) struct AmountBody {
    /// `money`, `count`, `ratio`, `percent` or `days`.
    unit: String,
    /// A decimal number; of a percentage 12.34 is 12.34 %.
    value: String,
    /// Of money.
    currency: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AssistantSource)]
pub(crate) struct SourceBody {
    /// The figure's name in its passport, or the list that it was counted in.
    name: String,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    /// When the newest fact behind it was observed.
    as_of: Option<DateTime<Utc>>,
    /// Its page in the command center.
    link: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AssistantTable)]
pub(crate) struct TableBody {
    columns: Vec<String>,
    rows: Vec<RowBody>,
    /// Rows that are not shown.
    left_out: u64,
    /// Rows follow each other in time.
    is_series: bool,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AssistantRow)]
pub(crate) struct RowBody {
    label: String,
    /// One for each further column.
    values: Vec<Option<AmountBody>>,
    link: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AssistantLink)]
pub(crate) struct LinkBody {
    label: String,
    to: String,
}

impl SessionBody {
    pub(crate) fn of(session: &Conversation) -> Self {
        Self {
            id: session.id.to_string(),
            agent_type: session.agent_type.clone(),
            user_id: session.user.to_string(),
            created_at: session.created_at,
            status: "active".to_owned(),
            message_count: session.messages,
            title: session.title.clone(),
            updated_at: session.updated_at,
        }
    }
}

impl SessionBody {
    pub(super) fn title(&self) -> Option<&str> {
        self.title.as_deref()
    }
}

impl MessageBody {
    /// Who said it and when, what, and where its figures are from.
    pub(super) fn in_markdown(&self) -> String {
        let who = match self.role.as_str() {
            "user" => "You",
            _ => "Assistant",
        };
        let at = self.timestamp.format("%Y-%m-%d %H:%M UTC");
        let mut text = format!("**{who}**, {at}\n\n");
        match &self.answer {
            Some(answer) => text.push_str(&answer.in_words()),
            None => {
                text.push_str(&self.content);
                text.push('\n');
            }
        }
        let facts = self.answer.iter().flat_map(|answer| &answer.facts);
        for (nth, fact) in facts.enumerate() {
            if nth == 0 {
                text.push('\n');
            }
            text.push_str(&fact.in_markdown());
        }
        text
    }

    pub(crate) fn of(message: Message) -> Self {
        Self {
            id: message.id.to_string(),
            session_id: message.session.to_string(),
            role: message.role.as_str().to_owned(),
            content: message.content,
            timestamp: message.created_at,
            answer: message.answer.map(AnswerBody::of),
        }
    }
}

impl AnswerBody {
    pub(crate) fn of(answer: Answer) -> Self {
        let links = answer.links.into_iter();
        Self {
            outcome: match answer.outcome {
                Outcome::Answered => OutcomeBody::Answered,
                Outcome::AskedBack => OutcomeBody::AskedBack,
                Outcome::NotKnown => OutcomeBody::NotKnown,
            },
            text: answer.text,
            facts: answer.facts.into_iter().map(FactBody::of).collect(),
            table: answer.table.map(TableBody::of),
            links: links
                .map(|link| LinkBody {
                    label: link.label,
                    to: link.to,
                })
                .collect(),
            suggestions: answer.suggestions,
        }
    }
}

impl AnswerBody {
    /// The sentences, and the rows below them.
    pub(crate) fn in_words(&self) -> String {
        let mut lines = vec![self.text.clone()];
        if let Some(table) = &self.table {
            lines.push(String::new());
            lines.push(table.columns.join(" | "));
            for row in &table.rows {
                let values = row.values.iter().map(|value| match value {
                    Some(value) => value.in_words(),
                    None => "unknown".to_owned(),
                });
                let cells: Vec<String> = std::iter::once(row.label.clone()).chain(values).collect();
                lines.push(cells.join(" | "));
            }
            if table.left_out > 0 {
                lines.push(format!("{} more rows are not shown", table.left_out));
            }
        }
        if !self.suggestions.is_empty() {
            lines.push(String::new());
            lines.push(format!("Ask for example: {}", self.suggestions.join(" · ")));
        }
        lines.join("\n") + "\n"
    }
}

impl FactBody {
    fn of(fact: Fact) -> Self {
        let Source {
            name,
            from,
            to,
            as_of,
            link,
        } = fact.source;
        Self {
            label: fact.label,
            value: fact.value.map(AmountBody::of),
            reason: fact.reason,
            source: SourceBody {
                name,
                from,
                to,
                as_of,
                link,
            },
        }
    }
}

impl FactBody {
    fn in_markdown(&self) -> String {
        let value = match (&self.value, &self.reason) {
            (Some(value), _) => value.in_words(),
            (None, Some(reason)) => format!("unknown: {reason}"),
            (None, None) => "unknown".to_owned(),
        };
        let source = &self.source;
        let days = match (source.from, source.to) {
            (Some(from), Some(to)) => format!(", {from} to {to}"),
            _ => String::new(),
        };
        let at = source.as_of.map_or_else(String::new, |at| {
            format!(", read {}", at.format("%Y-%m-%d %H:%M UTC"))
        });
        let (label, name) = (&self.label, &source.name);
        format!("- {label}: {value} ({name}{days}{at})\n")
    }
}

impl AmountBody {
    fn of(amount: Amount) -> Self {
        let (unit, value, currency) = match amount {
            Amount::Money { minor, currency } => {
                let code = currency.code().to_owned();
                ("money", format_minor(minor, currency), Some(code))
            }
            Amount::Count { count } => ("count", count.to_string(), None),
            Amount::Ratio { ratio } => ("ratio", ratio.to_string(), None),
            Amount::Percent { quotient } => {
                let percent = quotient * rust_decimal::Decimal::ONE_HUNDRED;
                ("percent", percent.to_string(), None)
            }
            Amount::Days { days } => ("days", days.to_string(), None),
        };
        Self {
            unit: unit.to_owned(),
            value,
            currency,
        }
    }
}

impl AmountBody {
    fn in_words(&self) -> String {
        match (self.unit.as_str(), &self.currency) {
            (_, Some(currency)) => format!("{} {currency}", self.value),
            ("percent", _) => format!("{} %", self.value),
            ("days", _) => format!("{} days", self.value),
            _ => self.value.clone(),
        }
    }
}

impl TableBody {
    fn of(table: Table) -> Self {
        Self {
            columns: table.columns,
            rows: table.rows.into_iter().map(RowBody::of).collect(),
            left_out: table.left_out,
            is_series: table.is_series,
        }
    }
}

impl RowBody {
    fn of(row: TableRow) -> Self {
        let values = row.values.into_iter();
        Self {
            label: row.label,
            values: values.map(|value| value.map(AmountBody::of)).collect(),
            link: row.link,
        }
    }
}
