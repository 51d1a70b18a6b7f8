//! A contract that a merchant brings himself: where a supplier's interface is, and where in its answers things stand. Nothing of it is known
//! to be right before it was tried, and what it does not name is not done.

use super::{Ability, Capability, Platform};
use crate::money::Currency;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The longest text of a contract.
const LONGEST: usize = 1_000;
/// What the connection itself needs.
const NOT_OURS: [&str; 6] = [
    "host",
    "content-length",
    "transfer-encoding",
    "connection",
    "upgrade",
    "te",
];

/// What stands somewhere in an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RestField {
    /// Of a list: its products.
    Items,
    /// Of a list: what the next page is asked for by; nothing on the last.
    NextPage,
    /// Of the answer about one product: the product itself.
    Product,
    Id,
    Title,
    Url,
    Image,
    Sku,
    Barcode,
    Cost,
    Currency,
    Stock,
    ShippingCost,
    ShipDaysMin,
    ShipDaysMax,
    /// ISO 3166-1 alpha-2.
    ShipsFrom,
    /// Of a product: the list of its variants.
    Variants,
    VariantId,
    VariantName,
    VariantSku,
    VariantBarcode,
    VariantCost,
    VariantStock,
    VariantImage,
}

/// Into what a pointer leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RestPart {
    List,
    Answer,
    Product,
    Variant,
}

impl RestField {
    pub const ALL: [Self; 24] = [
        Self::Items,
        Self::NextPage,
        Self::Product,
        Self::Id,
        Self::Title,
        Self::Url,
        Self::Image,
        Self::Sku,
        Self::Barcode,
        Self::Cost,
        Self::Currency,
        Self::Stock,
        Self::ShippingCost,
        Self::ShipDaysMin,
        Self::ShipDaysMax,
        Self::ShipsFrom,
        Self::Variants,
        Self::VariantId,
        Self::VariantName,
        Self::VariantSku,
        Self::VariantBarcode,
        Self::VariantCost,
        Self::VariantStock,
        Self::VariantImage,
    ];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Items => "items",
            Self::NextPage => "next_page",
            Self::Product => "product",
            Self::Id => "id",
            Self::Title => "title",
            Self::Url => "url",
            Self::Image => "image",
            Self::Sku => "sku",
            Self::Barcode => "barcode",
            Self::Cost => "cost",
            Self::Currency => "currency",
            Self::Stock => "stock",
            Self::ShippingCost => "shipping_cost",
            Self::ShipDaysMin => "ship_days_min",
            Self::ShipDaysMax => "ship_days_max",
            Self::ShipsFrom => "ships_from",
            Self::Variants => "variants",
            Self::VariantId => "variant_id",
            Self::VariantName => "variant_name",
            Self::VariantSku => "variant_sku",
            Self::VariantBarcode => "variant_barcode",
            Self::VariantCost => "variant_cost",
            Self::VariantStock => "variant_stock",
            Self::VariantImage => "variant_image",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|f| f.as_str() == text)
    }

    #[must_use]
    pub const fn part(self) -> RestPart {
        match self {
            Self::Items | Self::NextPage => RestPart::List,
            Self::Product => RestPart::Answer,
            Self::VariantId
            | Self::VariantName
            | Self::VariantSku
            | Self::VariantBarcode
            | Self::VariantCost
            | Self::VariantStock
            | Self::VariantImage => RestPart::Variant,
            _ => RestPart::Product,
        }
    }
}

/// Below the base address, with placeholders in braces. One that is missing switches off what needs it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RestPaths {
    /// `/products?search={query}&page={page}`; `{cursor}` in place of `{page}`, or neither where the next page is an address.
    pub search: Option<String>,
    /// `/products/{id}`. Without one products are told by the list alone.
    pub product: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RestContract {
    pub base_url: String,
    /// The header that carries the key; empty: none is sent.
    pub auth_header: String,
    /// Before the key, such as `Bearer ` with its space.
    pub auth_prefix: String,
    #[serde(default)]
    pub paths: RestPaths,
    /// JSON pointers (RFC 6901): of a list from its answer, of a product from the product, of a variant from the variant.
    #[serde(default)]
    pub map: BTreeMap<RestField, String>,
    /// Where no currency is told beside a price.
    #[serde(default)]
    pub currency: Option<Currency>,
    /// ISO 3166-1 alpha-2: where no country is told beside a product.
    #[serde(default)]
    pub ships_from: Option<String>,
    /// Whether 0 and 1 are no and yes rather than quantities.
    #[serde(default)]
    pub stock_yes_or_no: bool,
}

/// Why a contract is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field} {told}")]
pub struct RestFault {
    /// As `paths.search` and `map.cost`.
    pub field: String,
    pub told: String,
}

impl RestFault {
    pub fn new(field: impl Into<String>, told: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            told: told.into(),
        }
    }
}

/// What is looked at by a trial.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RestSample {
    pub query: String,
    /// In place of the first product of the list.
    pub product: Option<String>,
}

/// What one real answer gave.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RestTrial {
    /// The addresses that were asked, without the key.
    pub asked: Vec<String>,
    /// Products on the first page; `None` where no list was asked.
    pub items: Option<usize>,
    /// Every field that the contract names, in their order.
    pub reads: Vec<RestRead>,
    /// Why it went no further.
    pub stopped: Option<String>,
}

/// What a pointer found in the first product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestRead {
    pub field: RestField,
    pub pointer: String,
    /// As it would be kept, or why it would not.
    pub read: Result<String, String>,
}

/// Whether a text is a JSON pointer.
fn is_pointer(text: &str) -> bool {
    let mut escapes = text.split('~').skip(1);
    (text.is_empty() || text.starts_with('/'))
        && escapes.all(|rest| rest.starts_with(['0', '1']))
        && !text.chars().any(char::is_control)
}

/// The placeholders of a path; `None` where a brace has no other.
fn placeholders(path: &str) -> Option<BTreeSet<&str>> {
    let mut found = BTreeSet::new();
    let mut rest = path;
    while let Some(at) = rest.find(['{', '}']) {
        let inside = rest[at..].strip_prefix('{')?;
        let (name, behind) = inside.split_once('}')?;
        if name.contains('{') {
            return None;
        }
        found.insert(name);
        rest = behind;
    }
    Some(found)
}

fn path_fault(path: &str, known: &[&str]) -> Option<String> {
    if path.len() > LONGEST {
        return Some(format!("has more than {LONGEST} characters"));
    }
    if !path.starts_with('/') || path.starts_with("//") {
        return Some("begins with one /, and goes on below the base address".to_owned());
    }
    if path.contains(['#', '\\']) || path.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Some("holds a sign that no path has".to_owned());
    }
    let way = path.split('?').next().unwrap_or_default();
    if way.split('/').any(|part| matches!(part, "." | "..")) {
        return Some("leads out of the base address".to_owned());
    }
    let Some(found) = placeholders(path) else {
        return Some("has a brace without the other one".to_owned());
    };
    let strange = found.iter().find(|name| !known.contains(name))?;
    let known: Vec<_> = known.iter().map(|name| format!("{{{name}}}")).collect();
    Some(format!(
        "has {{{strange}}}, which is not known; known are {}",
        known.join(", ")
    ))
}

impl RestContract {
    pub const SEARCH: [&str; 4] = ["query", "page", "cursor", "ships_from"];
    pub const PRODUCT: [&str; 1] = ["id"];

    /// Whether suppliers of this platform may be worked with by a contract of one's own.
    #[must_use]
    pub const fn fits(platform: Platform) -> bool {
        matches!(platform, Platform::Autods | Platform::Spocket)
    }

    #[must_use]
    pub fn at(&self, field: RestField) -> Option<&str> {
        self.map.get(&field).map(String::as_str)
    }

    /// Whether a product is asked for by its id; else only a list tells it.
    #[must_use]
    pub const fn reads_by_id(&self) -> bool {
        self.paths.product.is_some()
    }

    #[must_use]
    pub fn pages_by(&self, placeholder: &str) -> bool {
        let search = self.paths.search.as_deref().and_then(placeholders);
        search.is_some_and(|found| found.contains(placeholder))
    }

    /// What has no path or no pointer is not done. Orders are the platform's own, whatever a contract says.
    #[must_use]
    pub fn ability(&self, platform: Platform, capability: Capability) -> Ability {
        let tells = |fields: &[RestField]| fields.iter().any(|f| self.at(*f).is_some());
        let can = match capability {
            Capability::Discover => self.paths.search.is_some(),
            Capability::Price => tells(&[RestField::Cost, RestField::VariantCost]),
            Capability::Stock => tells(&[RestField::Stock, RestField::VariantStock]),
            Capability::Shipping => tells(&[
                RestField::ShippingCost,
                RestField::ShipDaysMin,
                RestField::ShipDaysMax,
            ]),
            Capability::PlaceOrder | Capability::CallOff | Capability::Tracking => {
                return platform.ability(capability);
            }
        };
        match can {
            true if capability == Capability::Stock && self.stock_yes_or_no => Ability::ApiYesOrNo,
            true => Ability::Api,
            false => Ability::None,
        }
    }

    /// Without blanks around and without what is empty. Whether its host may be called is not looked at here.
    ///
    /// # Errors
    /// Everything that is wrong with it, by field.
    pub fn sound(mut self) -> Result<Self, Vec<RestFault>> {
        for text in [&mut self.base_url, &mut self.auth_header] {
            *text = text.trim().to_owned();
        }
        let filled = |text: Option<String>| {
            let text = text.map(|t| t.trim().to_owned());
            text.filter(|t| !t.is_empty())
        };
        self.paths.search = filled(self.paths.search.take());
        self.paths.product = filled(self.paths.product.take());
        self.ships_from = filled(self.ships_from.take()).map(|c| c.to_ascii_uppercase());
        let mut faults = Vec::new();
        self.look_at_place(&mut faults);
        self.look_at_paths(&mut faults);
        self.look_at_map(&mut faults);
        if faults.is_empty() {
            Ok(self)
        } else {
            Err(faults)
        }
    }

    fn look_at_place(&self, faults: &mut Vec<RestFault>) {
        let mut fault = |field: &str, told: &str| faults.push(RestFault::new(field, told));
        let scheme = ["https://", "http://"];
        let rest = scheme.iter().find_map(|s| self.base_url.strip_prefix(s));
        if rest.is_none_or(str::is_empty) || self.base_url.len() > LONGEST {
            fault("base_url", "is no address that begins with https://");
        }
        let is_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
        let header = self.auth_header.to_ascii_lowercase();
        if header.len() > 100 || !header.chars().all(is_token) {
            fault("auth_header", "is no name of a header");
        } else if NOT_OURS.contains(&header.as_str()) {
            fault("auth_header", "is a header of the connection itself");
        }
        let is_plain = |c: char| c == ' ' || c.is_ascii_graphic();
        if self.auth_prefix.len() > 100 || !self.auth_prefix.chars().all(is_plain) {
            fault("auth_prefix", "has signs that no header carries");
        }
        let country = self.ships_from.as_deref();
        if country.is_some_and(|c| c.len() != 2 || !c.bytes().all(|b| b.is_ascii_uppercase())) {
            fault("ships_from", "is no country (two letters of ISO 3166)");
        }
    }

    fn look_at_paths(&self, faults: &mut Vec<RestFault>) {
        let mut fault = |field: &str, told: String| faults.push(RestFault::new(field, told));
        if let Some(path) = &self.paths.search {
            if let Some(told) = path_fault(path, &Self::SEARCH) {
                fault("paths.search", told);
            } else if self.pages_by("page") && self.pages_by("cursor") {
                let told = "has {page} and {cursor}: a list is paged by one of them";
                fault("paths.search", told.to_owned());
            }
        }
        if let Some(path) = &self.paths.product {
            if let Some(told) = path_fault(path, &Self::PRODUCT) {
                fault("paths.product", told);
            } else if !path.contains("{id}") {
                fault("paths.product", "needs {id}".to_owned());
            }
        }
        if self.paths == RestPaths::default() {
            let told = "is needed, or a path of a product: without any nothing can be asked";
            fault("paths.search", told.to_owned());
        }
    }

    fn look_at_map(&self, faults: &mut Vec<RestFault>) {
        let mut fault = |field: RestField, told: &str| {
            faults.push(RestFault::new(format!("map.{}", field.as_str()), told));
        };
        for (field, pointer) in &self.map {
            if pointer.len() > LONGEST || !is_pointer(pointer) {
                fault(
                    *field,
                    "is no JSON pointer, such as /price or /data/0/price",
                );
            } else if field.part() == RestPart::Variant && self.at(RestField::Variants).is_none() {
                fault(*field, "is of a variant, and no list of variants is named");
            }
        }
        let mut needed = |field: RestField, why: &str| {
            if self.at(field).is_none() {
                fault(field, why);
            }
        };
        needed(
            RestField::Id,
            "is needed: a product is known by its id alone",
        );
        if self.paths.search.is_some() {
            needed(RestField::Items, "is needed to find the products of a list");
        }
        if self.pages_by("cursor") {
            needed(RestField::NextPage, "is needed: {cursor} is taken from it");
        }
        if self.at(RestField::Variants).is_some() {
            needed(
                RestField::VariantId,
                "is needed: a variant is known by its id",
            );
        }
    }
}

#[cfg(test)]
#[path = "rest_tests.rs"]
mod tests;
