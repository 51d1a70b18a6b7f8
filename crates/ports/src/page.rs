//! Pages of a list: a cursor that only its maker understands.

/// At most this many rows in one answer.
pub const MAX_LIMIT: u32 = 250;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRequest {
    /// What [`Page::next_cursor`] of the page before said; `None` for the first page.
    pub cursor: Option<String>,
    /// 1 to [`MAX_LIMIT`].
    pub limit: u32,
}

impl PageRequest {
    #[must_use]
    pub fn first(limit: u32) -> Self {
        Self {
            cursor: None,
            limit: limit.clamp(1, MAX_LIMIT),
        }
    }
}

/// A cursor that was not made by the same list is refused with [`crate::Kind::Rejected`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// How many there are over all pages, where that is cheap to know.
    pub total: Option<u64>,
    pub next_cursor: Option<String>,
}

impl<T> Page<T> {
    /// The same page of something else.
    #[must_use]
    pub fn map<U>(self, each: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(each).collect(),
            total: self.total,
            next_cursor: self.next_cursor,
        }
    }
}
