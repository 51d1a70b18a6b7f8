//! Pages of lists as they are asked for.

use crate::problem::{FieldError, Problem};
use ports::page::MAX_LIMIT;
use ports::{Page, PageRequest};

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

/// A page of a list that is short enough to be read whole; the cursor names the last row that was seen.
pub(crate) fn slice<T>(
    mut all: Vec<T>,
    request: &PageRequest,
    id: impl Fn(&T) -> String,
) -> Result<Page<T>, Problem> {
    let total = all.len() as u64;
    if let Some(cursor) = &request.cursor {
        let last = all.iter().position(|row| id(row) == *cursor);
        let last = last.ok_or_else(|| {
            let message = "was not made by this list; start again without one";
            Problem::invalid(vec![FieldError::new("cursor", message)])
        })?;
        all.drain(..=last);
    }
    let more = all.len() > request.limit as usize;
    all.truncate(request.limit as usize);
    Ok(Page {
        next_cursor: all.last().filter(|_| more).map(&id),
        items: all,
        total: Some(total),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_a_short_list_follow_one_another() {
        let page = |cursor: Option<&str>| {
            let request = PageRequest {
                cursor: cursor.map(str::to_owned),
                limit: 2,
            };
            slice(vec![1, 2, 3, 4], &request, ToString::to_string)
        };
        let first = page(None).unwrap();
        assert_eq!(
            (first.items, first.next_cursor.as_deref()),
            (vec![1, 2], Some("2"))
        );
        let last = page(Some("2")).unwrap();
        assert_eq!((last.items, last.next_cursor), (vec![3, 4], None));
        assert!(page(Some("nonsense")).is_err());
    }
}
