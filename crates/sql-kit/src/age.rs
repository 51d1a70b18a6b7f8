//! Which of the facts that came in are news: one rule for orders and products.

use std::collections::HashMap;

/// What is stored of a fact, as far as its age matters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Known {
    pub updated_at: i64,
    pub content: Vec<u8>,
    pub version: i64,
    /// Whether a row is there, as opposed to one that this batch is about to create.
    pub stored: bool,
}

/// A fact of the batch.
#[derive(Debug)]
pub(crate) struct Candidate<T> {
    pub id: i64,
    pub updated_at: i64,
    pub content: Vec<u8>,
    pub item: T,
}

#[derive(Debug)]
pub(crate) struct Write<T> {
    pub id: i64,
    pub updated_at: i64,
    pub content: Vec<u8>,
    pub version: i64,
    pub replaces: bool,
    pub item: T,
}

#[derive(Debug)]
pub(crate) struct Plan<T> {
    /// At most one for each id: what a batch says last about it.
    pub writes: Vec<Write<T>>,
    pub created: Vec<i64>,
    pub changed: Vec<i64>,
    pub unchanged: Vec<i64>,
    pub stale: Vec<i64>,
}

/// Newer replaces, equal in time but other in content replaces, older is stale, and so is what is not later than its deletion.
pub(crate) fn plan<T>(
    mut known: HashMap<i64, Known>,
    deleted_at: &HashMap<i64, i64>,
    candidates: Vec<Candidate<T>>,
) -> Plan<T> {
    let mut plan = Plan {
        writes: Vec::with_capacity(candidates.len()),
        created: Vec::new(),
        changed: Vec::new(),
        unchanged: Vec::new(),
        stale: Vec::new(),
    };
    let mut places: HashMap<i64, usize> = HashMap::new();
    for candidate in candidates {
        let id = candidate.id;
        let before = known.get(&id);
        let version = match before {
            Some(k) if candidate.updated_at < k.updated_at => {
                plan.stale.push(id);
                continue;
            }
            Some(k) if candidate.updated_at == k.updated_at && candidate.content == k.content => {
                plan.unchanged.push(id);
                continue;
            }
            Some(k) => {
                plan.changed.push(id);
                k.version + 1
            }
            None if deleted_at
                .get(&id)
                .is_some_and(|deleted| candidate.updated_at <= *deleted) =>
            {
                plan.stale.push(id);
                continue;
            }
            None => {
                plan.created.push(id);
                1
            }
        };
        let stored = before.is_some_and(|k| k.stored);
        known.insert(
            id,
            Known {
                updated_at: candidate.updated_at,
                content: candidate.content.clone(),
                version,
                stored,
            },
        );
        let write = Write {
            id,
            updated_at: candidate.updated_at,
            content: candidate.content,
            version,
            replaces: stored,
            item: candidate.item,
        };
        match places.get(&id) {
            Some(&place) => plan.writes[place] = write,
            None => {
                places.insert(id, plan.writes.len());
                plan.writes.push(write);
            }
        }
    }
    plan
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(id: i64, updated_at: i64, content: u8) -> Candidate<()> {
        Candidate {
            id,
            updated_at,
            content: vec![content],
            item: (),
        }
    }

    #[test]
    fn age_decides_and_the_last_word_of_a_batch_counts() {
        let known = HashMap::from([(
            1,
            Known {
                updated_at: 10,
                content: vec![1],
                version: 3,
                stored: true,
            },
        )]);
        let deleted = HashMap::from([(2, 10)]);
        let batch = vec![
            candidate(1, 9, 9),
            candidate(1, 10, 1),
            candidate(1, 10, 2),
            candidate(2, 10, 1),
            candidate(3, 1, 1),
            candidate(3, 2, 2),
            candidate(2, 11, 1),
        ];
        let plan = plan(known, &deleted, batch);
        assert_eq!(plan.stale, [1, 2]);
        assert_eq!(plan.unchanged, [1]);
        assert_eq!(plan.changed, [1, 3]);
        assert_eq!(plan.created, [3, 2]);
        let writes: Vec<_> = plan
            .writes
            .iter()
            .map(|w| (w.id, w.updated_at, w.version, w.replaces))
            .collect();
        assert_eq!(
            writes,
            [(1, 10, 4, true), (3, 2, 2, false), (2, 11, 1, false)]
        );
    }
}
