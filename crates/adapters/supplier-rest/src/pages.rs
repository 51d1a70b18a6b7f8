//! A list, page by page: by number, by a cursor, or by the address of the next one. One that goes round is told, and does not go on.

use crate::client::{SupplierRest, held};
use crate::paths::get;
use crate::proof::nothing;
use adapter_kit::Url;
use domain::supplier::{RestField, Search};
use ports::PortResult;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// No list is followed further.
const MOST_PAGES: u32 = 1_000;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Next {
    First,
    Number(u32),
    Cursor(String),
    Address(String),
}

/// One page.
#[derive(Debug, Clone)]
pub(crate) struct Listed {
    pub items: Vec<Value>,
    pub next: Option<Next>,
}

/// What is remembered of the list that was asked last.
#[derive(Debug, Default)]
pub(crate) struct Walk {
    of: Option<(Option<String>, Option<String>)>,
    /// By the number of the page; `None`: the page before was the last.
    places: BTreeMap<u32, Option<Next>>,
    /// The page that was read last, by its products.
    ids: Option<(u32, Vec<String>)>,
    /// Products of that page.
    pub(crate) shown: BTreeMap<String, Value>,
}

impl Walk {
    fn begin(&mut self, search: &Search) {
        let of = Some((search.text.clone(), search.ships_from.clone()));
        if self.of != of {
            *self = Self {
                of,
                ..Self::default()
            };
        }
    }

    /// The nearest page up to this one whose place is known.
    fn nearest(&self, page: u32) -> (u32, Option<Next>) {
        let known = self.places.range(..=page).next_back();
        known.map_or((1, Some(Next::First)), |(number, place)| {
            (*number, place.clone())
        })
    }
}

impl SupplierRest {
    /// `None`: behind the last page.
    pub(crate) async fn page(
        &self,
        operation: &'static str,
        search: &Search,
    ) -> PortResult<Option<Listed>> {
        let wanted = search.page.max(1);
        held(&self.list).begin(search);
        if self.contract.pages_by("page") {
            let listed = self.fetch(operation, search, &Next::Number(wanted)).await?;
            self.shown(operation, wanted, &listed)?;
            return Ok(Some(listed));
        }
        let (mut number, mut place) = held(&self.list).nearest(wanted);
        loop {
            let Some(here) = place else {
                return Ok(None);
            };
            if number > MOST_PAGES {
                let why = format!("a list of more than {MOST_PAGES} pages");
                return Err(self.moved(operation, &why));
            }
            let listed = self.fetch(operation, search, &here).await?;
            self.shown(operation, number, &listed)?;
            self.remember(operation, number, &here, &listed)?;
            if number == wanted {
                return Ok(Some(listed));
            }
            place = listed.next;
            number += 1;
        }
    }

    fn remember(
        &self,
        operation: &'static str,
        number: u32,
        here: &Next,
        listed: &Listed,
    ) -> PortResult<()> {
        let mut list = held(&self.list);
        list.places.insert(number, Some(here.clone()));
        let earlier = list.places.range(..=number);
        let used: BTreeSet<_> = earlier.filter_map(|(_, place)| place.as_ref()).collect();
        if listed.next.as_ref().is_some_and(|next| used.contains(next)) {
            let why = format!(
                "page {number} names a page that was read before as the next: the list does not end"
            );
            return Err(self.moved(operation, &why));
        }
        list.places.insert(number + 1, listed.next.clone());
        Ok(())
    }

    /// Keeps what the page shows; the same twice in a row is a list that does not end.
    fn shown(&self, operation: &'static str, number: u32, listed: &Listed) -> PortResult<()> {
        let id = |item: &Value| crate::values::text_at(&self.contract, RestField::Id, item);
        let ids: Vec<_> = listed.items.iter().filter_map(id).collect();
        if ids.is_empty() && !listed.items.is_empty() {
            let why = nothing(&self.contract, RestField::Id);
            let why = format!("{why} in all {} products of a page", listed.items.len());
            return Err(self.moved(operation, &why));
        }
        let mut list = held(&self.list);
        if let Some((before, same)) = &list.ids
            && before + 1 == number
            && *same == ids
            && !ids.is_empty()
        {
            let why = format!(
                "page {number} shows again what page {before} showed: the list does not end"
            );
            return Err(self.moved(operation, &why));
        }
        list.shown = ids
            .iter()
            .cloned()
            .zip(listed.items.iter().cloned())
            .collect();
        if ids.len() != listed.items.len() {
            list.shown = listed
                .items
                .iter()
                .filter_map(|item| Some((id(item)?, item.clone())))
                .collect();
        }
        list.ids = Some((number, ids));
        Ok(())
    }

    async fn fetch(
        &self,
        operation: &'static str,
        search: &Search,
        place: &Next,
    ) -> PortResult<Listed> {
        let Some(path) = self.contract.paths.search.as_deref() else {
            return Err(self.cannot(operation, domain::supplier::Capability::Discover));
        };
        let number = match place {
            Next::Number(number) => number.to_string(),
            _ => String::new(),
        };
        let cursor = match place {
            Next::Cursor(cursor) => cursor.as_str(),
            _ => "",
        };
        let with = [
            ("query", search.text.as_deref().unwrap_or_default()),
            (
                "ships_from",
                search.ships_from.as_deref().unwrap_or_default(),
            ),
            ("page", number.as_str()),
            ("cursor", cursor),
        ];
        let request = match place {
            Next::Address(address) => self.next(operation, self.same_host(operation, address)?),
            _ => get(operation, path, &with),
        };
        let Some(answer) = self.ask(operation, &request).await? else {
            return Err(self.moved(operation, "there is nothing at the path of the list"));
        };
        let items = crate::values::find(&self.contract, RestField::Items, &answer);
        let items = items.ok_or_else(|| {
            let why = nothing(&self.contract, RestField::Items);
            self.moved(operation, &why)
        })?;
        let items = match items {
            Value::Array(items) => items.clone(),
            Value::Null => Vec::new(),
            _ => {
                let why = "the pointer of items leads to something that is no list";
                return Err(self.moved(operation, why));
            }
        };
        let next = self.after(operation, place, &answer, items.is_empty())?;
        Ok(Listed { items, next })
    }

    /// What the page says of the one behind it. Without a word of it a list that is counted goes on until a page is empty.
    fn after(
        &self,
        operation: &'static str,
        place: &Next,
        answer: &Value,
        is_empty: bool,
    ) -> PortResult<Option<Next>> {
        let told = crate::values::find(&self.contract, RestField::NextPage, answer);
        let text = told.and_then(crate::values::text);
        if let Next::Number(number) = place {
            let goes_on = match (self.contract.at(RestField::NextPage), told) {
                (None, _) => !is_empty,
                (Some(_), Some(Value::Bool(more))) => *more,
                (Some(_), _) => text.is_some(),
            };
            // A number that is told has to be a later one.
            let later = text.as_deref().and_then(|t| t.parse::<u32>().ok());
            if goes_on && later.is_some_and(|later| later <= *number) {
                let why = format!(
                    "page {number} names itself or an earlier page as the next: the list does not end"
                );
                return Err(self.moved(operation, &why));
            }
            let goes_on = goes_on && *number < MOST_PAGES;
            return Ok(goes_on.then(|| Next::Number(number + 1)));
        }
        let Some(text) = text.filter(|t| t != "false") else {
            return Ok(None);
        };
        if self.contract.pages_by("cursor") {
            return Ok(Some(Next::Cursor(text)));
        }
        self.same_host(operation, &text)?;
        Ok(Some(Next::Address(text)))
    }

    /// A key is told to nobody else.
    fn same_host(&self, operation: &'static str, address: &str) -> PortResult<Url> {
        let url = self.base.join(address).map_err(|_| {
            let why = "the pointer of next_page leads to something that is no address";
            self.moved(operation, why)
        })?;
        if url.origin() != self.base.origin() {
            let why = format!(
                "the next page is on another host, {}, and is not asked for",
                url.host_str().unwrap_or("without a name")
            );
            return Err(self.moved(operation, &why));
        }
        Ok(url)
    }
}
