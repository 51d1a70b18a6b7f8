//! Which column of a file is which field.

use super::evidence::Styles;
use super::kinds::{FieldKind, FieldSpec, ImportKind, Need};
use super::number::NumberStyle;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A header without case, accents, blanks and punctuation: `Coût unitaire` is `coutunitaire`.
#[must_use]
pub fn normalise(header: &str) -> String {
    let mut out = String::with_capacity(header.len());
    for c in header.chars().flat_map(char::to_lowercase) {
        match c {
            'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => out.push('a'),
            'è' | 'é' | 'ê' | 'ë' => out.push('e'),
            'ì' | 'í' | 'î' | 'ï' => out.push('i'),
            'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' => out.push('o'),
            'ù' | 'ú' | 'û' | 'ü' => out.push('u'),
            'ç' => out.push('c'),
            'ñ' => out.push('n'),
            'ß' => out.push_str("ss"),
            c if c.is_alphanumeric() => out.push(c),
            _ => {}
        }
    }
    out
}

/// The same for files with the same columns, in whatever order: under it a mapping is kept.
#[must_use]
pub fn header_set(headers: &[String]) -> String {
    let names: BTreeSet<String> = headers.iter().map(|h| normalise(h)).collect();
    let joined: Vec<String> = names.into_iter().filter(|n| !n.is_empty()).collect();
    uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_OID, joined.join("\n").as_bytes())
        .simple()
        .to_string()
}

/// A person's reading of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapping {
    pub kind: ImportKind,
    /// Field → header, exactly as it stands in the file.
    pub columns: BTreeMap<String, String>,
    /// Question → answer, e.g. `date_order` → `month_first`.
    #[serde(default)]
    pub answers: BTreeMap<String, String>,
}

/// Why a mapping cannot be worked with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MappingFault {
    pub field: String,
    pub message: String,
}

/// Something that only a person knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    pub key: String,
    /// The header that it is about.
    pub column: Option<String>,
    pub row: Option<u64>,
    /// A value from the file that shows it.
    pub example: Option<String>,
    pub question: String,
    pub choices: Vec<Choice>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    pub value: String,
    pub label: String,
}

impl Choice {
    #[must_use]
    pub fn new(value: &str, label: impl Into<String>) -> Self {
        Self {
            value: value.to_owned(),
            label: label.into(),
        }
    }
}

impl Mapping {
    #[must_use]
    pub fn empty(kind: ImportKind) -> Self {
        Self {
            kind,
            columns: BTreeMap::new(),
            answers: BTreeMap::new(),
        }
    }

    /// By the headers alone: of a field's synonyms the first that is there; each column once.
    #[must_use]
    pub fn propose(kind: ImportKind, headers: &[String]) -> Self {
        let normal: Vec<String> = headers.iter().map(|h| normalise(h)).collect();
        let mut taken = BTreeSet::new();
        let mut mapping = Self::empty(kind);
        for field in kind.spec().fields {
            let found = field.synonyms.iter().find_map(|synonym| {
                normal
                    .iter()
                    .position(|n| n == synonym)
                    .filter(|i| !taken.contains(i))
            });
            if let Some(index) = found {
                taken.insert(index);
                mapping
                    .columns
                    .insert(field.key.to_owned(), headers[index].clone());
            }
        }
        if kind == ImportKind::SupplierOffers {
            super::offer_fields::refine(&mut mapping, headers);
        }
        mapping
    }

    /// Fields that are needed and not there, fields and columns that do not exist, columns that stand twice.
    #[must_use]
    pub fn faults(&self, headers: &[String]) -> Vec<MappingFault> {
        let spec = self.kind.spec();
        let mut faults = Vec::new();
        let mut fault = |field: &str, message: String| {
            faults.push(MappingFault {
                field: field.to_owned(),
                message,
            });
        };
        for (key, header) in &self.columns {
            if spec.field(key).is_none() {
                fault(key, format!("{} have no such field", spec.label));
            }
            match headers.iter().filter(|h| *h == header).count() {
                0 => fault(key, format!("the file has no column {header:?}")),
                1 => {}
                n => fault(
                    key,
                    format!(
                        "the column {header:?} stands {n} times in the file: rename the others"
                    ),
                ),
            }
        }
        let has = |f: &FieldSpec| self.columns.contains_key(f.key);
        for field in spec.fields.iter().filter(|f| !has(f)) {
            match field.need {
                Need::Required => fault(
                    field.key,
                    format!("no column is chosen for {}", field.label),
                ),
                Need::OneOf(group) => {
                    let group_there = spec.fields.iter().any(|f| f.need == field.need && has(f));
                    let is_first = spec
                        .fields
                        .iter()
                        .find(|f| f.need == field.need)
                        .is_some_and(|f| f.key == field.key);
                    if !group_there && is_first {
                        fault(field.key, format!("no column is chosen for {group}"));
                    }
                }
                Need::Optional => {}
            }
        }
        faults
    }

    #[must_use]
    pub fn answer(&self, question: &str) -> Option<&str> {
        self.answers.get(question).map(String::as_str)
    }
}

/// Where each field of a kind stands in a row, and how its numbers and dates are written.
#[derive(Debug, Clone)]
pub struct Layout {
    pub mapping: Mapping,
    pub columns: usize,
    places: BTreeMap<&'static str, (usize, String)>,
    pub styles: Styles,
}

impl Layout {
    #[must_use]
    pub fn new(mapping: &Mapping, headers: &[String], styles: Styles) -> Self {
        let places = mapping
            .kind
            .spec()
            .fields
            .iter()
            .filter_map(|field| {
                let header = mapping.columns.get(field.key)?;
                let index = headers.iter().position(|h| h == header)?;
                Some((field.key, (index, header.clone())))
            })
            .collect();
        Self {
            mapping: mapping.clone(),
            columns: headers.len(),
            places,
            styles,
        }
    }

    #[must_use]
    pub fn index(&self, field: &str) -> Option<usize> {
        self.places.get(field).map(|(index, _)| *index)
    }

    #[must_use]
    pub fn header(&self, field: &str) -> Option<&str> {
        self.places.get(field).map(|(_, header)| header.as_str())
    }

    /// The mapped fields whose columns hold this kind of value.
    pub fn fields(&self, kind: FieldKind) -> impl Iterator<Item = (&'static FieldSpec, usize)> {
        let spec = self.mapping.kind.spec();
        spec.fields
            .iter()
            .filter(move |f| f.kind == kind)
            .filter_map(|f| Some((f, self.index(f.key)?)))
    }

    #[must_use]
    pub fn number_style(&self, field: &str) -> NumberStyle {
        self.styles
            .numbers
            .get(field)
            .copied()
            .unwrap_or(NumberStyle::Dot)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(text: &str) -> Vec<String> {
        text.split(',').map(str::to_owned).collect()
    }

    #[test]
    fn the_order_and_the_case_of_headers_do_not_matter_for_their_set() {
        assert_eq!(
            header_set(&headers("SKU,Unit cost")),
            header_set(&headers("unit_cost,sku"))
        );
        assert_ne!(
            header_set(&headers("SKU,Cost")),
            header_set(&headers("SKU,Price"))
        );
    }

    #[test]
    fn what_is_missing_or_doubled_is_named() {
        let mapping = Mapping::propose(ImportKind::Costs, &headers("SKU,Foo"));
        let faults = mapping.faults(&headers("SKU,Foo"));
        assert_eq!(faults.len(), 1);
        assert_eq!(faults[0].field, "cost");
        let twice = headers("SKU,Cost,SKU");
        let faults = Mapping::propose(ImportKind::Costs, &twice).faults(&twice);
        assert!(faults[0].message.contains("stands 2 times"), "{faults:?}");
        let none = headers("Cost");
        let faults = Mapping::propose(ImportKind::Costs, &none).faults(&none);
        assert_eq!(
            faults[0].message,
            "no column is chosen for SKU or variant id"
        );
    }
}
