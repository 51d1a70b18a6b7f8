//! Mappings as a table: what there is, for a spreadsheet, and what somebody wrote in one, looked at before it is taken over.
//!
//! A row names our variant by `variant_id`, else by a `sku` that one variant has; the supplier's product by `supplier_product_id`, else by
//! `supplier_external_id` (with `supplier` where several have it); its variant by `supplier_variant` (the key or the SKU), which may be left out
//! where there is one. `pieces` is 1 where it is left out. Nothing is taken away by what a file does not name.

use super::{Supply, SupplyError, fault};
use crate::changes::label;
use crate::imports::table;
use domain::audit::{Actor, NewEntry};
use domain::ids::{SupplierProductId, VariantId};
use domain::store::Store;
use domain::supplier::{MappingOrigin, SupplierMapping, SupplierProduct};
use ports::page::MAX_LIMIT;
use ports::supplier_book::MappingFilter;
use ports::suppliers::OfferFilter;
use ports::{Kind, PageRequest, PortResult};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// Rows of a file, at most.
const MOST_ROWS: usize = 20_000;
/// Of a file.
pub const MOST_BYTES: usize = 8 << 20;

/// In this order, in what is exported.
pub const COLUMNS: [&str; 8] = [
    "variant_id",
    "sku",
    "title",
    "supplier",
    "supplier_product_id",
    "supplier_external_id",
    "supplier_variant",
    "pieces",
];

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowOutcome {
    New,
    /// Another variant of the supplier, or another number of pieces; or one that was taken away is wanted again.
    Changed,
    Unchanged,
    /// Why it is left out.
    Refused(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRow {
    /// In the file, from 1.
    pub line: u64,
    pub variant: Option<VariantId>,
    pub title: Option<String>,
    pub product: Option<SupplierProductId>,
    pub supplier_title: Option<String>,
    pub supplier_variant: Option<String>,
    pub pieces: Option<u32>,
    pub outcome: RowOutcome,
}

/// What a file would do, or has done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileTold {
    pub rows: Vec<FileRow>,
    pub applied: bool,
}

impl FileTold {
    #[must_use]
    pub fn count(&self, is: impl Fn(&RowOutcome) -> bool) -> usize {
        self.rows.iter().filter(|r| is(&r.outcome)).count()
    }
}

/// A mapping as a row of text, in the order of [`COLUMNS`].
pub type TextRow = [String; COLUMNS.len()];

/// Everything that a row may name.
#[derive(Default)]
struct Known {
    titles: BTreeMap<VariantId, String>,
    /// `None`: several variants have it.
    by_sku: BTreeMap<String, Option<VariantId>>,
    products: BTreeMap<SupplierProductId, SupplierProduct>,
    by_external: BTreeMap<String, Vec<SupplierProductId>>,
    mappings: BTreeMap<(VariantId, SupplierProductId), SupplierMapping>,
}

fn small(text: &str) -> String {
    text.trim().to_lowercase()
}

fn name_of(product: &SupplierProduct) -> String {
    let own = product.supplier.clone();
    own.unwrap_or_else(|| product.platform.name().to_owned())
}

impl Known {
    fn variant(&self, id: Option<&str>, sku: Option<&str>) -> Result<VariantId, String> {
        if let Some(text) = id {
            let id = text
                .parse()
                .map_err(|_| "variant_id is no number".to_owned())?;
            let is_known = self.titles.contains_key(&VariantId(id));
            return if is_known {
                Ok(VariantId(id))
            } else {
                Err("variant_id is not known in this store".to_owned())
            };
        }
        let Some(sku) = sku else {
            return Err("neither variant_id nor sku is told".to_owned());
        };
        match self.by_sku.get(&small(sku)) {
            Some(Some(id)) => Ok(*id),
            Some(None) => Err("several variants have this sku: name the variant_id".to_owned()),
            None => Err("no variant has this sku".to_owned()),
        }
    }

    fn product(
        &self,
        id: Option<&str>,
        external: Option<&str>,
        supplier: Option<&str>,
    ) -> Result<&SupplierProduct, String> {
        if let Some(text) = id {
            let id: SupplierProductId = text
                .parse()
                .map_err(|_| "supplier_product_id is no id".to_owned())?;
            let found = self.products.get(&id);
            return found.ok_or_else(|| "supplier_product_id is not known".to_owned());
        }
        let Some(external) = external else {
            let message = "neither supplier_product_id nor supplier_external_id is told";
            return Err(message.to_owned());
        };
        let all = self.by_external.get(&small(external));
        let mut all = all
            .into_iter()
            .flatten()
            .filter_map(|id| self.products.get(id));
        let wanted = supplier.map(small);
        let mut named = all.by_ref().filter(|p| {
            let name = small(&name_of(p));
            wanted.as_ref().is_none_or(|wanted| *wanted == name)
        });
        match (named.next(), named.next()) {
            (Some(one), None) => Ok(one),
            (Some(_), Some(_)) => Err("several suppliers have this number: name one".to_owned()),
            (None, _) => Err("no supplier has a product of this number".to_owned()),
        }
    }
}

fn variant_of(product: &SupplierProduct, told: Option<&str>) -> Result<String, String> {
    let there: Vec<_> = product.variants.iter().filter(|v| !v.gone).collect();
    let Some(told) = told else {
        return match there.as_slice() {
            [one] => Ok(one.key.clone()),
            _ => Err("supplier_variant is needed: the product has several".to_owned()),
        };
    };
    let by_key = there.iter().find(|v| v.key == told);
    let by_sku = || {
        let mut same = there.iter().filter(|v| v.sku.as_deref() == Some(told));
        same.next().filter(|_| same.next().is_none())
    };
    let found = by_key.or_else(by_sku);
    let key = found.map(|v| v.key.clone());
    key.ok_or_else(|| "supplier_variant is no variant of that product".to_owned())
}

impl Supply {
    /// Every mapping that is not taken away, by variant.
    pub async fn mappings_as_rows(&self, store: &Store) -> PortResult<Vec<TextRow>> {
        let mut skus: BTreeMap<VariantId, String> = BTreeMap::new();
        self.each_variant(store, |_, variant| {
            if let Some(sku) = &variant.sku {
                skus.insert(variant.id, sku.clone());
            }
        })
        .await?;
        let (filter, mut page) = (MappingFilter::default(), PageRequest::first(MAX_LIMIT));
        let mut rows = Vec::new();
        loop {
            let found = self.mappings(store, &filter, &page).await?;
            let products = self.products_of(store, &found.items).await?;
            rows.extend(found.items.iter().map(|m| {
                let product = products.get(&m.product);
                let external = product.and_then(|p| p.external_id.clone());
                [
                    m.variant.to_string(),
                    skus.get(&m.variant).cloned().unwrap_or_default(),
                    m.title.clone(),
                    product.map(name_of).unwrap_or_default(),
                    m.product.to_string(),
                    external.unwrap_or_default(),
                    m.supplier_variant.clone(),
                    m.pieces.to_string(),
                ]
            }));
            page.cursor = found.next_cursor;
            if page.cursor.is_none() {
                return Ok(rows);
            }
        }
    }

    /// With those products only that are wanted: a catalogue may be large.
    async fn known(
        &self,
        store: &Store,
        wanted: impl Fn(&SupplierProduct) -> bool + Send,
    ) -> PortResult<Known> {
        let mut known = Known::default();
        self.each_variant(store, |product, variant| {
            known.titles.insert(variant.id, label(product, variant));
            let sku = variant.sku.as_deref().map(small).filter(|s| !s.is_empty());
            if let Some(sku) = sku {
                let place = known.by_sku.entry(sku);
                place
                    .and_modify(|one| *one = None)
                    .or_insert(Some(variant.id));
            }
        })
        .await?;
        let (filter, mut page) = (OfferFilter::default(), PageRequest::first(MAX_LIMIT));
        loop {
            let port = &self.ports.suppliers;
            let found = port.list_offers(store.scope, &filter, &page).await?;
            for product in found.items.into_iter().filter(|p| wanted(p)) {
                if let Some(external) = &product.external_id {
                    let same = known.by_external.entry(small(external)).or_default();
                    same.push(product.id);
                }
                known.products.insert(product.id, product);
            }
            page.cursor = found.next_cursor;
            if page.cursor.is_none() {
                break;
            }
        }
        let filter = MappingFilter {
            off_too: true,
            ..MappingFilter::default()
        };
        let mut page = PageRequest::first(MAX_LIMIT);
        loop {
            let found = self.mappings(store, &filter, &page).await?;
            let found_now = found.items.into_iter();
            known
                .mappings
                .extend(found_now.map(|m| ((m.variant, m.product), m)));
            page.cursor = found.next_cursor;
            if page.cursor.is_none() {
                return Ok(known);
            }
        }
    }

    /// Looks at a file, and takes it over when `apply`: all rows that are not refused, together or none. A file with refused rows is taken over
    /// only where that is wanted (`good_rows_only`).
    pub async fn mappings_from_file(
        &self,
        store: &Store,
        file: Vec<u8>,
        (apply, good_rows_only): (bool, bool),
        by: &Actor,
    ) -> Result<FileTold, SupplyError> {
        if file.len() > MOST_BYTES {
            return fault("file", format!("has at most {MOST_BYTES} bytes"));
        }
        let (headers, lines) = match table(file, MOST_ROWS).await? {
            Ok(table) => table,
            Err(message) => return fault("file", message),
        };
        let at = |name: &str| {
            let is_it = |h: &String| small(h).replace([' ', '-'], "_") == name;
            headers.iter().position(is_it)
        };
        let columns = COLUMNS.map(at);
        let [
            variant_id,
            sku,
            _,
            supplier,
            product_id,
            external,
            key,
            pieces,
        ] = columns;
        if variant_id.is_none() && sku.is_none() {
            return fault("file", "has neither a column variant_id nor sku");
        }
        if product_id.is_none() && external.is_none() {
            let message = "has neither a column supplier_product_id nor supplier_external_id";
            return fault("file", message);
        }
        let named = |column: Option<usize>| {
            let cells = lines.iter().filter_map(|(_, cells)| cells.get(column?));
            let cells = cells.map(|c| small(c).trim_start_matches('\'').to_owned());
            cells.collect::<BTreeSet<String>>()
        };
        let (ids, externals) = (named(product_id), named(external));
        let known = self
            .known(store, |p| {
                let external = p.external_id.as_deref().map(small);
                ids.contains(&p.id.to_string()) || external.is_some_and(|e| externals.contains(&e))
            })
            .await?;
        let now = self.ports.clock.now();
        let (mut told, mut saved) = (FileTold::default(), Vec::new());
        let mut seen: BTreeSet<(VariantId, SupplierProductId)> = BTreeSet::new();
        for (line, cells) in lines {
            let cell = |column: Option<usize>| {
                let text = cells.get(column?)?.trim();
                // What an export wrote so that no spreadsheet runs it.
                let text = text.strip_prefix('\'').unwrap_or(text);
                (!text.is_empty()).then_some(text)
            };
            if cells.iter().all(|c| c.trim().is_empty()) {
                continue;
            }
            let variant = known.variant(cell(variant_id), cell(sku));
            let product = known.product(cell(product_id), cell(external), cell(supplier));
            let read = match &product {
                Ok(product) => variant_of(product, cell(key)),
                Err(why) => Err(why.clone()),
            };
            let count = match cell(pieces) {
                None => Ok(1),
                Some(text) => match text.parse::<u32>() {
                    Ok(n) if (1..=SupplierMapping::MOST_PIECES).contains(&n) => Ok(n),
                    _ => Err("pieces is a number between 1 and 1000".to_owned()),
                },
            };
            let mut row = FileRow {
                line,
                variant: variant.as_ref().ok().copied(),
                title: None,
                product: product.as_ref().ok().map(|p| p.id),
                supplier_title: product.as_ref().ok().and_then(|p| p.title.clone()),
                supplier_variant: read.as_ref().ok().cloned(),
                pieces: count.as_ref().ok().copied(),
                outcome: RowOutcome::Unchanged,
            };
            row.title = row.variant.and_then(|v| known.titles.get(&v).cloned());
            row.outcome = match (variant, product, read, count) {
                (Ok(variant), Ok(product), Ok(key), Ok(pieces)) => {
                    let pair = (variant, product.id);
                    let before = known.mappings.get(&pair);
                    let same = before
                        .is_some_and(|m| !m.off && m.supplier_variant == key && m.pieces == pieces);
                    if !seen.insert(pair) {
                        RowOutcome::Refused("an earlier row maps the same two".to_owned())
                    } else if same {
                        RowOutcome::Unchanged
                    } else {
                        saved.push(SupplierMapping {
                            id: SupplierMapping::id_of(store.scope, variant, product.id),
                            scope: store.scope,
                            variant,
                            title: row.title.clone().unwrap_or_default(),
                            product: product.id,
                            supplier_variant: key,
                            pieces,
                            origin: MappingOrigin::File,
                            off: false,
                            at: now,
                            by: by.clone(),
                            version: before.map_or(1, |m| m.version + 1),
                        });
                        match before {
                            Some(_) => RowOutcome::Changed,
                            None => RowOutcome::New,
                        }
                    }
                }
                (variant, product, read, count) => {
                    let whys = [
                        variant.err(),
                        product.map(drop).err(),
                        read.err(),
                        count.err(),
                    ];
                    let whys: BTreeSet<String> = whys.into_iter().flatten().collect();
                    let whys: Vec<String> = whys.into_iter().collect();
                    RowOutcome::Refused(whys.join("; "))
                }
            };
            told.rows.push(row);
        }
        let refused = told.count(|o| matches!(o, RowOutcome::Refused(_)));
        if !apply {
            return Ok(told);
        }
        if refused > 0 && !good_rows_only {
            let message = format!("has {refused} rows that cannot be taken over");
            return fault("file", message);
        }
        if !saved.is_empty() {
            let id = store.scope.store.to_string();
            let target = ("supplier_mappings", id.as_str(), store.name.as_str());
            let workspace = store.scope.workspace;
            let entry = NewEntry::done(
                workspace,
                now,
                by.clone(),
                "supplier_mapping.import",
                target,
            );
            let entry = entry.after(&json!({
                "new": told.count(|o| *o == RowOutcome::New),
                "changed": told.count(|o| *o == RowOutcome::Changed), "refused": refused,
            }));
            let port = &self.ports.supplier_mappings;
            let written = port.save_mappings(store.scope, &saved, &entry).await;
            written.map_err(|error| match error.kind {
                Kind::Conflict => SupplyError::ChangedMeanwhile,
                _ => error.into(),
            })?;
            self.hub.wake();
        }
        told.applied = true;
        Ok(told)
    }
}
