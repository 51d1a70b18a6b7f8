//! The agents there are; a new one is a line here.

use super::spec::AgentSpec;
use super::{orders, pricing};

const ALL: [&AgentSpec; 2] = [&pricing::SPEC, &orders::SPEC];

/// In the order in which they are shown.
#[must_use]
pub const fn all() -> &'static [&'static AgentSpec] {
    &ALL
}

#[must_use]
pub fn spec(id: &str) -> Option<&'static AgentSpec> {
    all().iter().copied().find(|spec| spec.id == id)
}

#[cfg(test)]
mod tests {
    use super::super::schedule::Schedule;
    use super::super::settings::{Value, Values};
    use super::super::spec::Unit;
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn agents_are_found_by_their_ids_and_start_by_patterns_that_are_some() {
        for agent in all() {
            assert_eq!(spec(agent.id), Some(*agent));
            assert!(Schedule::parse(agent.schedule).is_ok(), "{}", agent.id);
        }
        let ids: BTreeSet<_> = all().iter().map(|a| a.id).collect();
        assert_eq!(ids.len(), all().len());
        assert_eq!(spec("nobody"), None);
    }

    #[test]
    fn every_default_and_every_bound_may_be_set_and_no_key_is_there_twice() {
        for agent in all() {
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
