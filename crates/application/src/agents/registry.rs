//! The agents there are; a new one is a line here.

use super::AgentError;
use super::agent::Entry;
use super::analytics::Analytics;
use super::inventory::Stock;
use super::marketing::Advertisements;
use super::orders::Orders;
use super::pricing::Prices;
use super::recommendation::Recommendations;
use super::research::Research;
use super::rules::Rules;
use super::supply::Supplying;
use super::support::Tickets;
use std::sync::Arc;

/// In the order in which they are shown.
fn all() -> Vec<Entry> {
    vec![
        Entry::of::<Prices>(),
        Entry::of::<Orders>(),
        Entry::of::<Stock>(),
        Entry::of::<Advertisements>(),
        Entry::of::<Research>(),
        Entry::of::<Supplying>(),
        Entry::of::<Recommendations>(),
        Entry::of::<Tickets>(),
        Entry::of::<Analytics>(),
        Entry::of::<Rules>(),
    ]
}

/// Between a kind of agents and the word of the one that people wrote.
const WORD: char = ':';

#[derive(Clone)]
pub(super) struct Registry(Arc<Vec<Entry>>);

impl Default for Registry {
    fn default() -> Self {
        Self(Arc::new(all()))
    }
}

impl Registry {
    pub(super) fn with(&self, entry: Entry) -> Self {
        let mut entries = (*self.0).clone();
        entries.push(entry);
        Self(Arc::new(entries))
    }

    pub(super) fn entries(&self) -> &[Entry] {
        &self.0
    }

    /// Of the agent itself, or of its kind.
    pub(super) fn entry(&self, agent: &str) -> Result<&Entry, AgentError> {
        let kind = agent.split_once(WORD).map_or(agent, |(kind, _)| kind);
        let is_it =
            |entry: &&Entry| entry.spec.id == kind && entry.policy.is_written() == (agent != kind);
        let found = self.entries().iter().find(is_it);
        found.ok_or(AgentError::UnknownAgent)
    }
}

/// As people know an agent; of one that people wrote, its kind. What is not known any more goes by its id.
#[must_use]
pub(crate) fn name_of(id: &str) -> String {
    let registry = Registry::default();
    let entry = registry.entry(id);
    entry.map_or_else(|_| id.to_owned(), |entry| entry.spec.name.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::agents::schedule::Schedule;
    use domain::agents::{Unit, Value, Values};
    use std::collections::BTreeSet;

    #[test]
    fn agents_are_found_by_their_ids_and_start_by_patterns_that_are_some() {
        let registry = Registry::default();
        for entry in registry.entries() {
            let spec = &entry.spec;
            if entry.policy.is_written() {
                assert!(registry.entry(&spec.id).is_err(), "{}", spec.id);
                assert!(registry.entry(&format!("{}:1", spec.id)).is_ok());
                continue;
            }
            assert_eq!(registry.entry(&spec.id).unwrap().spec, *spec);
            assert!(registry.entry(&format!("{}:1", spec.id)).is_err());
            assert!(Schedule::parse(&spec.schedule).is_ok(), "{}", spec.id);
        }
        let ids: BTreeSet<_> = registry.entries().iter().map(|e| &e.spec.id).collect();
        assert_eq!(ids.len(), registry.entries().len());
        assert!(registry.entry("nobody").is_err());
    }

    #[test]
    fn every_default_and_every_bound_may_be_set_and_no_key_is_there_twice() {
        for agent in Registry::default().entries().iter().map(|e| &e.spec) {
            let keys: BTreeSet<_> = agent.fields.iter().map(|f| f.key).collect();
            assert_eq!(keys.len(), agent.fields.len());
            for field in agent.fields.iter().filter(|f| f.unit != Unit::Words) {
                for number in [field.default, field.min, field.max] {
                    let value = match field.unit {
                        Unit::Flag => Value::Flag(number != 0),
                        _ => Value::Number(number),
                    };
                    let values = Values::from([(field.key.to_owned(), value)]);
                    assert_eq!(agent.check(&values), Ok(()), "{} {}", agent.id, field.key);
                }
            }
        }
    }
}
