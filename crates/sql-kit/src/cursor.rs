//! Pages by key: a cursor names the last row that was seen, so that rows that come or go between two pages shift nothing.

use crate::codec::fingerprint;
use crate::{Arg, Backend, Database, Sql};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use ports::page::MAX_LIMIT;
use ports::{Kind, Page, PageRequest, PortResult};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The values by which a list is sorted, of the last row of a page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) enum Key {
    Int(i64),
    Text(String),
    Id(Uuid),
}

impl From<Key> for Arg {
    fn from(key: Key) -> Self {
        match key {
            Key::Int(v) => Self::from(v),
            Key::Text(v) => Self::from(v),
            Key::Id(v) => Self::from(v),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Cursor {
    /// Which list made it.
    list: Vec<u8>,
    pub sort: Key,
    pub id: Key,
    /// Counted for the first page.
    pub total: u64,
}

/// A list that is being paged through: its name, and the page that is wanted.
pub(crate) struct Paging {
    list: Vec<u8>,
    pub after: Option<Cursor>,
    limit: u32,
}

impl Paging {
    /// `identity` tells apart lists with other filters, sorts or scopes.
    pub(crate) fn new<B: Backend>(
        operation: &'static str,
        identity: &str,
        page: &PageRequest,
    ) -> PortResult<Self> {
        let mut list = fingerprint(&[operation, identity]);
        list.truncate(8);
        let after = match &page.cursor {
            None => None,
            Some(text) => {
                let cursor = BASE64_URL_SAFE_NO_PAD
                    .decode(text)
                    .ok()
                    .and_then(|json| serde_json::from_slice::<Cursor>(&json).ok())
                    .filter(|cursor| cursor.list == list);
                Some(cursor.ok_or_else(|| {
                    Database::<B>::refuse(
                        Kind::Rejected,
                        operation,
                        "the cursor was not made by this list; start again without one",
                    )
                })?)
            }
        };
        Ok(Self {
            list,
            after,
            limit: page.limit.clamp(1, MAX_LIMIT),
        })
    }

    /// One more than the page holds, to know whether there is a next one.
    pub(crate) fn fetch(&self) -> i64 {
        i64::from(self.limit) + 1
    }

    /// What comes after the cursor of a list by `created_at`, the newest first, and of these a page. Conditions stand before it.
    pub(crate) fn newest_first(&self, sql: &mut Sql) {
        if let Some(cursor) = &self.after {
            sql.push(" AND (created_at < ")
                .push_arg(cursor.sort.clone())
                .push(" OR (created_at = ")
                .push_arg(cursor.sort.clone())
                .push(" AND id > ")
                .push_arg(cursor.id.clone())
                .push("))");
        }
        sql.push(" ORDER BY created_at DESC, id LIMIT ")
            .push_arg(self.fetch());
    }

    pub(crate) fn page<T>(
        self,
        mut items: Vec<T>,
        total: u64,
        key: impl FnOnce(&T) -> (Key, Key),
    ) -> Page<T> {
        let limit = self.limit as usize;
        let more = items.len() > limit;
        items.truncate(limit);
        let next_cursor = items.last().filter(|_| more).map(|last| {
            let (sort, id) = key(last);
            let cursor = Cursor {
                list: self.list,
                sort,
                id,
                total,
            };
            BASE64_URL_SAFE_NO_PAD.encode(crate::codec::json(&cursor))
        });
        Page {
            items,
            total: Some(total),
            next_cursor,
        }
    }
}
