//! Pages of lists as they are asked for.

use crate::problem::{FieldError, Problem};
use ports::PageRequest;
use ports::page::MAX_LIMIT;

const DEFAULT_LIMIT: u32 = 50;

pub(crate) fn page(cursor: Option<&str>, limit: Option<u32>) -> Result<PageRequest, Problem> {
    let limit = limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=MAX_LIMIT).contains(&limit) {
        let message = format!("must be from 1 to {MAX_LIMIT}");
        return Err(Problem::invalid(vec![FieldError::new("limit", message)]));
    }
    Ok(PageRequest {
        cursor: cursor.filter(|c| !c.is_empty()).map(str::to_owned),
        limit,
    })
}

/// A text filter that is there: not empty and not only blanks.
pub(crate) fn text(value: Option<&String>) -> Option<String> {
    value
        .map(|v| v.trim())
        .filter(|v| !v.is_empty())
        .map(str::to_owned)
}
