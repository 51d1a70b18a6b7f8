//! What waits for a person, and what agents did.

use super::super::say;
use super::super::{Analyst, AnswerError, Shop};
use crate::agents::AgentError;
use domain::assistant::answer::{Amount, Answer, Outcome, Table, TableRow};
use domain::assistant::question::Span;
use domain::changes::ChangeSetStatus;
use ports::PageRequest;
use ports::changes::ChangeFilter;
use ports::page::MAX_LIMIT;
use ports::runs::RunFilter;
use std::collections::BTreeMap;

const SHOWN: usize = 20;
const SAID: usize = 3;

impl Analyst {
    /// Whether what agents predicted came true, as far as it was measured.
    async fn came_true(
        &self,
        shop: &Shop,
        names: &BTreeMap<String, String>,
    ) -> Result<String, AnswerError> {
        let (mut measured, mut agreed) = (0_u32, 0_u32);
        for store in &shop.stores {
            for agent in names.keys() {
                // A rule belongs to one store.
                let one = match self.desk.agents.calibration(store, agent).await {
                    Ok(one) => one,
                    Err(AgentError::UnknownAgent) => continue,
                    Err(error) => return Err(error.into()),
                };
                measured += one.measured;
                agreed += one.agreed;
            }
        }
        Ok(match measured {
            0 => "Whether it worked is not known yet: no change of theirs of the last half year has been measured.".to_owned(),
            1 => format!(
                "Of their changes of the last half year one was measured: what it was predicted to bring {}.",
                if agreed == 1 { "came true" } else { "did not come true" }
            ),
            _ => format!(
                "Of their changes of the last half year {measured} were measured: what {agreed} of them were predicted to bring came true."
            ),
        })
    }

    pub(in super::super) async fn waiting(&self, shop: &Shop) -> Result<Answer, AnswerError> {
        let filter = ChangeFilter {
            status: Some(ChangeSetStatus::Proposed),
            ..ChangeFilter::default()
        };
        let page = PageRequest::first(MAX_LIMIT);
        let page = self
            .desk
            .changes
            .list(shop.workspace, &filter, &page)
            .await?;
        let total = page.total.unwrap_or(page.items.len() as u64);
        let currency = |store| {
            let found = shop.stores.iter().find(|s| s.scope.store == store);
            found.map(|s| s.currency)
        };
        let mut rows: Vec<(i64, TableRow)> = page
            .items
            .into_iter()
            .map(|set| {
                let effect = set.effect.zip(currency(set.scope.store));
                let amount = effect.map(|(effect, currency)| Amount::Money {
                    minor: effect.mean,
                    currency,
                });
                let row = TableRow {
                    label: set.title,
                    values: vec![amount],
                    link: Some(format!("/change-sets/{}", set.id)),
                };
                (set.effect.map_or(0, |e| e.mean.abs()), row)
            })
            .collect();
        // The most money first; of equals the newest, as they were listed.
        rows.sort_by_key(|(size, _)| std::cmp::Reverse(*size));
        let said: Vec<_> = rows
            .iter()
            .take(SAID)
            .map(|(_, r)| r.label.as_str())
            .collect();
        let text = match total {
            0 => "Nothing waits for you: no change-set is proposed.".to_owned(),
            1 => format!("One change-set waits for a decision: {}.", said.join(", ")),
            n => format!(
                "{n} change-sets wait for a decision. By expected effect: {}.",
                said.join("; ")
            ),
        };
        let count = usize::try_from(total).unwrap_or(usize::MAX);
        let fact = say::count("Change-sets that wait", count, "change_sets", "/inbox");
        let rows: Vec<TableRow> = rows.into_iter().take(SHOWN).map(|(_, row)| row).collect();
        let answer = Answer {
            facts: vec![fact],
            table: (!rows.is_empty()).then(|| Table {
                columns: ["Change-set", "Expected effect"]
                    .map(str::to_owned)
                    .to_vec(),
                left_out: total.saturating_sub(rows.len() as u64),
                rows,
                is_series: false,
            }),
            ..Answer::of(Outcome::Answered, text)
        };
        Ok(answer.link("Inbox", "/inbox"))
    }

    pub(in super::super) async fn agent_work(
        &self,
        shop: &Shop,
        span: &Span,
    ) -> Result<Answer, AnswerError> {
        let names = self.desk.agents.names(shop.workspace).await?;
        let first = shop.stores.first().map(|s| s.calendar()).transpose()?;
        let is_within = |at| {
            first
                .as_ref()
                .is_some_and(|c| span.range.contains(c.day_of(at)))
        };
        let is_over = |at| {
            first
                .as_ref()
                .is_some_and(|c| c.day_of(at) < span.range.from)
        };
        let mut by_agent: BTreeMap<String, (i64, i64, i64)> = BTreeMap::new();
        let mut said = Vec::new();
        let mut page = PageRequest::first(MAX_LIMIT);
        'all: loop {
            let runs = self
                .desk
                .agents
                .runs(shop.workspace, &RunFilter::default(), &page)
                .await?;
            for run in runs.items {
                if is_over(run.created_at) {
                    break 'all;
                }
                if !is_within(run.created_at) || run.kind.as_str() != "decide" {
                    continue;
                }
                let name = names.get(&run.agent).unwrap_or(&run.agent);
                let sums = by_agent.entry(name.clone()).or_default();
                sums.0 += 1;
                sums.1 += i64::from(run.proposals);
                sums.2 += i64::from(run.error.is_some());
                if let Some(summary) = run.summary.filter(|_| run.proposals > 0) {
                    said.push(format!("{name}: {summary}"));
                }
            }
            match runs.next_cursor {
                Some(next) => page.cursor = Some(next),
                None => break,
            }
        }
        let days = say::days(span);
        let (runs, proposals, failed) = by_agent.values().fold((0, 0, 0), |sum, one| {
            (sum.0 + one.0, sum.1 + one.1, sum.2 + one.2)
        });
        let mut text = match runs {
            0 => format!("No agent ran {days}."),
            1 => format!("One run of an agent {days}, with {proposals} proposals."),
            n => format!(
                "{n} runs of {} agents {days}, with {proposals} proposals.",
                by_agent.len()
            ),
        };
        if failed > 0 {
            text += &format!(" {failed} of them ended with an error.");
        }
        for line in said.iter().take(SAID) {
            text += &format!("\n{line}");
        }
        text += &format!("\n{}", self.came_true(shop, &names).await?);
        let rows: Vec<TableRow> = by_agent
            .into_iter()
            .map(|(label, (runs, proposals, failed))| TableRow {
                label,
                values: [runs, proposals, failed]
                    .map(|count| Some(Amount::Count { count }))
                    .to_vec(),
                link: Some("/agents".to_owned()),
            })
            .collect();
        let count = usize::try_from(runs).unwrap_or_default();
        let fact = say::count("Runs", count, "runs", "/agents");
        let answer = Answer {
            facts: vec![fact],
            table: (!rows.is_empty()).then(|| Table {
                columns: ["Agent", "Runs", "Proposals", "Failed"]
                    .map(str::to_owned)
                    .to_vec(),
                rows,
                left_out: 0,
                is_series: false,
            }),
            ..Answer::of(Outcome::Answered, text)
        };
        Ok(answer.link("Agents", "/agents"))
    }
}
