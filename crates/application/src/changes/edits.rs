//! What people want changed, held against what is known of the store.

use super::ads::AdEdit;
use super::campaigns::CampaignEdit;
use super::cancel::CancelEdit;
use super::discount::DiscountEdit;
use super::refund::RefundEdit;
use super::{ChangeError, Changes, Fault};
use domain::catalog::{Product, Variant};
use domain::changes::guardrails;
use domain::changes::plan::Wanted;
use domain::changes::{Action, HoldReason, Limits, ProductDraft, Shipment, Tagged, Target};
use domain::ids::{InventoryItemId, LocationId, OrderId, ProductId, VariantId};
use domain::store::Store;
use domain::supplier::SupplyPlan;
use ports::catalog::ProductQuery;
use ports::page::MAX_LIMIT;
use ports::{PageRequest, PortResult};
use std::collections::{BTreeMap, BTreeSet};

/// So many edits in one set.
const MOST: usize = 250;
const MOST_TAGS: usize = 50;
const LONGEST_TAG: usize = 255;
const LONGEST_NOTE: usize = 500;
/// The title of a product's only variant.
const ONLY_VARIANT: &str = "Default Title";

/// One wish. Amounts are minor units of the store's currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    Price {
        variant: VariantId,
        after: i64,
    },
    CompareAtPrice {
        variant: VariantId,
        after: Option<i64>,
    },
    Inventory {
        item: InventoryItemId,
        location: LocationId,
        after: i64,
    },
    AddTags {
        target: Tagged,
        tags: Vec<String>,
    },
    RemoveTags {
        target: Tagged,
        tags: Vec<String>,
    },
    HoldOrder {
        order: OrderId,
        note: String,
    },
    ReleaseOrder {
        order: OrderId,
        note: String,
    },
    CancelOrder(CancelEdit),
    RefundOrder(RefundEdit),
    Discount(DiscountEdit),
    ProductDraft(ProductDraft),
    Ad(AdEdit),
    NewCampaign(CampaignEdit),
    /// As it was planned: see [`crate::supply`].
    SupplierOrder(SupplyPlan),
    /// Of an order that stands unpaid at its supplier.
    CallOffSupply(SupplyPlan),
    Ship(Shipment, String),
}

/// A variant with the product that it belongs to.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub(super) product: ProductId,
    pub(super) variant: Variant,
    pub(super) label: String,
    pub(super) observed_at: chrono::DateTime<chrono::Utc>,
}

/// What is known of the things that edits name.
#[derive(Debug, Default)]
pub(super) struct Catalogue {
    pub(super) variants: BTreeMap<VariantId, Known>,
    items: BTreeMap<InventoryItemId, VariantId>,
}

impl Catalogue {
    pub(super) fn variant(&self, id: VariantId) -> Option<&Known> {
        self.variants.get(&id)
    }

    fn of_item(&self, id: InventoryItemId) -> Option<&Known> {
        self.items.get(&id).and_then(|v| self.variants.get(v))
    }
}

/// Actions with the names of their things, and the variants that they are about.
pub(super) struct Read {
    pub(super) wanted: Vec<Wanted>,
    pub(super) catalogue: Catalogue,
}

pub(super) type Outcome = Result<Wanted, (&'static str, String)>;

pub(super) fn wrong<T>(
    field: &'static str,
    message: impl Into<String>,
) -> Result<T, (&'static str, String)> {
    Err((field, message.into()))
}

/// The thing of which a set changes a kind once.
fn about(action: &Action) -> Target {
    match action {
        // What is given back with the first changes what the shop computes for the second.
        Action::RefundOrder(refund) => Target::Order(refund.what.order),
        action => action.target(),
    }
}

impl Changes {
    /// Every fault at once, each with its place.
    pub(super) async fn read(&self, store: &Store, edits: &[Edit]) -> Result<Read, ChangeError> {
        let limits = self.limits(store.scope).await?;
        let most = MOST.min(limits.operations_day as usize);
        if edits.is_empty() || edits.len() > most {
            let message =
                format!("has from 1 to {most} changes: so many are made in a store within a day");
            return Err(ChangeError::Invalid(vec![Fault::new("edits", message)]));
        }
        let catalogue = self.catalogue(store, edits).await?;
        let (mut wanted, mut faults) = (Vec::new(), Vec::new());
        let mut seen = BTreeSet::new();
        for (place, edit) in edits.iter().enumerate() {
            let mut outcome = self.read_one(store, &limits, &catalogue, edit).await?;
            if let Ok(Wanted { action, .. }) = &outcome
                && !seen.insert((action.kind(), about(action)))
            {
                outcome = wrong("kind", "changes what another edit of this list changes too");
            }
            match outcome {
                Ok(one) => wanted.push(one),
                Err((field, message)) => {
                    faults.push(Fault::new(format!("edits[{place}].{field}"), message));
                }
            }
        }
        if !faults.is_empty() {
            return Err(ChangeError::Invalid(faults));
        }
        Ok(Read { wanted, catalogue })
    }

    /// The variants that edits name, found in one walk over the products.
    async fn catalogue(&self, store: &Store, edits: &[Edit]) -> PortResult<Catalogue> {
        let mut variants: BTreeSet<VariantId> = BTreeSet::new();
        let mut items: BTreeSet<InventoryItemId> = BTreeSet::new();
        for edit in edits {
            match edit {
                Edit::Price { variant, .. } | Edit::CompareAtPrice { variant, .. } => {
                    variants.insert(*variant);
                }
                Edit::Inventory { item, .. } => {
                    items.insert(*item);
                }
                _ => {}
            }
        }
        let mut found = Catalogue::default();
        let mut page = PageRequest::first(MAX_LIMIT);
        while !(variants.is_empty() && items.is_empty()) {
            let query = ProductQuery::default();
            let products = self.ports.catalog.list(store.scope, &query, &page).await?;
            for stored in products.items {
                let product = stored.product;
                for variant in &product.variants {
                    let is_wanted = variants.remove(&variant.id);
                    let item = variant.inventory_item.filter(|item| items.remove(item));
                    found.items.extend(item.map(|item| (item, variant.id)));
                    if is_wanted || item.is_some() {
                        let known = Known {
                            product: product.id,
                            label: label(&product, variant),
                            variant: variant.clone(),
                            observed_at: stored.observed_at,
                        };
                        found.variants.insert(variant.id, known);
                    }
                }
            }
            page.cursor = products.next_cursor;
            if page.cursor.is_none() {
                break;
            }
        }
        Ok(found)
    }

    async fn read_one(
        &self,
        store: &Store,
        limits: &Limits,
        catalogue: &Catalogue,
        edit: &Edit,
    ) -> PortResult<Outcome> {
        Ok(match edit {
            Edit::Price { variant, after } => price(limits, catalogue.variant(*variant), *after),
            Edit::CompareAtPrice { variant, after } => {
                compare_at(catalogue.variant(*variant), *after)
            }
            Edit::Inventory {
                item,
                location,
                after,
            } => {
                let Some(known) = catalogue.of_item(*item) else {
                    return Ok(wrong("item_id", "is not known in this store"));
                };
                let levels = self.ports.facts.levels(store.scope, &[*item]).await?;
                let level = levels.iter().find(|l| l.location == *location);
                match level.and_then(|l| l.available) {
                    None => wrong("location_id", "is no place where this is counted"),
                    Some(before) => stock(known, (*item, *location), before, *after),
                }
            }
            Edit::AddTags { target, tags } => self.tags(store, *target, tags, true).await?,
            Edit::RemoveTags { target, tags } => self.tags(store, *target, tags, false).await?,
            Edit::HoldOrder { order, note } => self.hold(store, *order, note, true).await?,
            Edit::ReleaseOrder { order, note } => self.hold(store, *order, note, false).await?,
            Edit::CancelOrder(edit) => self.cancel(store, edit).await?,
            Edit::RefundOrder(edit) => self.refund(store, edit).await?,
            Edit::Discount(edit) => self.discount(store, limits, edit).await?,
            Edit::ProductDraft(wish) => self.draft(store, wish).await?,
            Edit::Ad(edit) => self.advertisement(store, limits, edit).await?,
            Edit::NewCampaign(edit) => self.new_campaign(store, edit).await?,
            Edit::SupplierOrder(plan) => Ok(Wanted {
                label: plan.order_name.clone(),
                action: Action::SupplierOrder(plan.clone()),
            }),
            Edit::CallOffSupply(plan) => Ok(Wanted {
                label: plan.order_name.clone(),
                action: Action::CallOffSupply(plan.clone()),
            }),
            Edit::Ship(shipment, name) => Ok(Wanted {
                label: name.clone(),
                action: Action::Ship(shipment.clone()),
            }),
        })
    }

    /// Only tags that make a difference are kept, so that taking back leaves alone what was there before.
    async fn tags(
        &self,
        store: &Store,
        target: Tagged,
        tags: &[String],
        add: bool,
    ) -> PortResult<Outcome> {
        let found = match target {
            Tagged::Order(id) => {
                let order = self.ports.orders.find(store.scope, id).await?;
                order.map(|o| (o.order.name, o.order.tags))
            }
            Tagged::Product(id) => {
                let product = self.ports.catalog.find(store.scope, id).await?;
                product.map(|p| (p.product.title, p.product.tags))
            }
        };
        let Some((label, there)) = found else {
            let field = match target {
                Tagged::Order(_) => "order_id",
                Tagged::Product(_) => "product_id",
            };
            return Ok(wrong(field, "is not known in this store"));
        };
        let same = |tag: &str| tag.trim().to_lowercase();
        let there: BTreeSet<String> = there.iter().map(|t| same(t)).collect();
        let (mut kept, mut once) = (Vec::new(), BTreeSet::new());
        for tag in tags.iter().map(|t| t.trim()) {
            if tag.is_empty() || tag.contains(',') || tag.chars().count() > LONGEST_TAG {
                let message =
                    format!("{tag:?} cannot be a tag: it is empty, too long, or has a comma in it");
                return Ok(wrong("tags", message));
            }
            if there.contains(&same(tag)) != add && once.insert(same(tag)) {
                kept.push(tag.to_owned());
            }
        }
        if kept.is_empty() || kept.len() > MOST_TAGS {
            let why = if kept.is_empty() {
                "would change nothing"
            } else {
                "are too many for one change"
            };
            return Ok(wrong("tags", why));
        }
        let action = if add {
            Action::AddTags { target, tags: kept }
        } else {
            Action::RemoveTags { target, tags: kept }
        };
        Ok(Ok(Wanted { action, label }))
    }

    async fn hold(
        &self,
        store: &Store,
        order: OrderId,
        note: &str,
        hold: bool,
    ) -> PortResult<Outcome> {
        let Some(found) = self.ports.orders.find(store.scope, order).await? else {
            return Ok(wrong("order_id", "is not known in this store"));
        };
        if note.chars().count() > LONGEST_NOTE {
            let message = format!("has at most {LONGEST_NOTE} characters");
            return Ok(wrong("note", message));
        }
        if hold && found.order.cancelled_at.is_some() {
            return Ok(wrong(
                "order_id",
                "was cancelled: there is nothing left to hold",
            ));
        }
        // The same for every hold of the order, so that whoever releases needs to know nothing else.
        let handle = format!("royal-{order}");
        let (reason, note) = (HoldReason::Other, note.trim().to_owned());
        let action = if hold {
            Action::HoldOrder {
                order,
                handle,
                reason,
                note,
            }
        } else {
            Action::ReleaseOrder {
                order,
                handle,
                reason,
                note,
            }
        };
        Ok(Ok(Wanted {
            action,
            label: found.order.name,
        }))
    }
}

/// As people know it.
pub(crate) fn label(product: &Product, variant: &Variant) -> String {
    match variant.title.as_str() {
        "" | ONLY_VARIANT => product.title.clone(),
        title => format!("{} · {title}", product.title),
    }
}

fn price(limits: &Limits, known: Option<&Known>, after: i64) -> Outcome {
    let Some(known) = known else {
        return wrong("variant_id", "is not known in this store");
    };
    let action = Action::Price {
        product: known.product,
        variant: known.variant.id,
        before: known.variant.price,
        after,
    };
    if after < 0 {
        return wrong("after", "cannot be negative");
    }
    if !action.is_change() {
        return wrong("after", "is the price already");
    }
    // What can never be applied is not put before anybody.
    if let Err(sentence) = guardrails::step(limits, &action) {
        return wrong("after", sentence);
    }
    Ok(Wanted {
        action,
        label: known.label.clone(),
    })
}

fn compare_at(known: Option<&Known>, after: Option<i64>) -> Outcome {
    let Some(known) = known else {
        return wrong("variant_id", "is not known in this store");
    };
    let action = Action::CompareAtPrice {
        product: known.product,
        variant: known.variant.id,
        before: known.variant.compare_at_price,
        after,
    };
    if after.is_some_and(|after| after < 0) {
        return wrong("after", "cannot be negative");
    }
    if !action.is_change() {
        return wrong("after", "is the compare-at price already");
    }
    Ok(Wanted {
        action,
        label: known.label.clone(),
    })
}

fn stock(
    known: &Known,
    (item, location): (InventoryItemId, LocationId),
    before: i64,
    after: i64,
) -> Outcome {
    let action = Action::Inventory {
        item,
        location,
        before,
        after,
    };
    if after < 0 {
        return wrong("after", "cannot be negative");
    }
    if !action.is_change() {
        return wrong("after", "are available already");
    }
    Ok(Wanted {
        action,
        label: known.label.clone(),
    })
}
