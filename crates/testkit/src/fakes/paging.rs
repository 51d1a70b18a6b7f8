//! Pages by key: the cursor holds the list's name and the last row's sort key, so that rows that come or go between two
//! pages neither repeat nor hide others.

use super::database::refuse;
use ports::{Kind, Page, PageRequest, PortResult};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// `rows` with their keys; pages go in ascending key.
pub(super) fn page<K: Ord + Serialize + DeserializeOwned, T>(
    list: &str,
    operation: &'static str,
    mut rows: Vec<(K, T)>,
    request: &PageRequest,
) -> PortResult<Page<T>> {
    let after: Option<K> = match &request.cursor {
        None => None,
        Some(cursor) => match serde_json::from_str::<(String, K)>(cursor) {
            Ok((of, key)) if of == list => Some(key),
            _ => {
                return Err(refuse(
                    Kind::Rejected,
                    operation,
                    "the cursor is of another list",
                ));
            }
        },
    };
    rows.sort_by(|a, b| a.0.cmp(&b.0));
    let total = rows.len() as u64;
    let mut rest: Vec<_> = rows
        .into_iter()
        .filter(|(key, _)| after.as_ref().is_none_or(|after| key > after))
        .collect();
    let limit = request.limit.clamp(1, ports::page::MAX_LIMIT) as usize;
    let more = rest.len() > limit;
    rest.truncate(limit);
    let next_cursor = rest
        .last()
        .filter(|_| more)
        .and_then(|(key, _)| serde_json::to_string(&(list, key)).ok());
    Ok(Page {
        items: rest.into_iter().map(|(_, row)| row).collect(),
        total: Some(total),
        next_cursor,
    })
}
