//! From whom the lines of an order are had, and the proposal that has them sent.
//!
//! Each way is quoted by the supplier when it is asked for, and ranked by what it costs until it is there, how soon, and how well the
//! supplier kept its word (`domain::supplier::rank`). Before every proposal it is looked whether it leaves anything.

use super::choose::{against, chosen};
use super::mappings::products_of;
use super::{Supply, SupplyError, fault};
use crate::Ports;
use crate::changes::{Changes, Edit, NewChangeSet};
use crate::opportunities::worth;
use crate::suppliers::way;
use domain::audit::Actor;
use domain::changes::{Action, ChangeSet, ChangeSetStatus, Seen, SeenShipping, Target};
use domain::ids::{
    ChangeSetId, LineId, OrderId, SupplierAccountId, SupplierMappingId, SupplierProductId,
};
use domain::money::{Currency, Money, round_to_minor};
use domain::order::{Order, OrderLine};
use domain::store::Store;
use domain::supplier::{
    Capability, NoRoute, OurRef, PlaceLine, Presence, QuoteFor, Route, RouteScore, ServiceScore,
    ShipQuote, SupplierAccount, SupplierMapping, SupplierOrder, SupplierProduct, SupplyLine,
    SupplyPlan, cheapest, rank, sent_from, service,
};
use ports::changes::ChangeFilter;
use ports::supplier_book::SupplierOrderFilter;
use ports::supplier_platforms::{Purpose, SupplierSource};
use ports::{Page, PageRequest, PortResult};
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use uuid::Uuid;

const HISTORY: u32 = 250;
const MOST_LINES: usize = 50;

/// What somebody wants of an order's lines.
#[derive(Debug, Clone)]
pub struct SupplyWish {
    /// Only these; all that can be had when left out.
    pub lines: Option<Vec<LineId>>,
    /// By which mapping a line is had; the best one when left out.
    pub by: BTreeMap<LineId, SupplierMappingId>,
    /// Hundredths of a percent.
    pub tolerance: u16,
    pub accepts_loss: bool,
}

/// A line with every way of having it.
#[derive(Debug, Clone)]
pub struct LineRoutes {
    pub line: LineId,
    pub title: String,
    pub units: i64,
    /// Minor units of the store's currency, without tax.
    pub sold_for: i64,
    /// Why it is not had of anybody now.
    pub against: Option<String>,
    /// The best first.
    pub routes: Vec<Route>,
    /// Mappings by which nothing is had, and why.
    pub refused: Vec<(SupplierMappingId, String, NoRoute)>,
}

#[derive(Debug, Clone)]
pub struct SupplyOffer {
    pub order: OrderId,
    pub name: String,
    pub country: Option<String>,
    pub lines: Vec<LineRoutes>,
    pub standing: Vec<SupplierOrder>,
}

/// One supplier, asked while its ways are compared.
struct Asked {
    account: SupplierAccount,
    source: Arc<dyn SupplierSource>,
    kept: ServiceScore,
}

/// What a mapping leads to before anybody is asked.
struct Had<'a> {
    mapping: &'a SupplierMapping,
    asked: &'a Asked,
    ships_from: String,
    line: SupplyLine,
    currency: Currency,
}

/// What was paid for what is left of a line, without tax.
fn sold_for(order: &Order, line: &OrderLine) -> i64 {
    let gross = i128::from(line.unit_price) * i128::from(line.quantity);
    let tax = if order.taxes_included { line.tax } else { 0 };
    let net = gross - i128::from(line.discount) - i128::from(tax);
    let left = net * i128::from(line.current_quantity) / i128::from(line.quantity.max(1));
    i64::try_from(left).unwrap_or(i64::MAX)
}

fn had<'a>(
    line: &OrderLine,
    mapping: &'a SupplierMapping,
    product: Option<&SupplierProduct>,
    asked: &'a [Asked],
    country: &str,
) -> Result<Had<'a>, NoRoute> {
    let product = product.ok_or(NoRoute::Gone)?;
    let platform = product.platform;
    let by_interface = platform.by_interface(Capability::PlaceOrder);
    by_interface.map_err(|_| NoRoute::NoInterface(platform.name()))?;
    let variant = mapping.of(product).filter(|v| !v.gone);
    let variant = variant.ok_or(NoRoute::Gone)?;
    let asked = asked.iter().find(|a| a.account.platform == platform);
    let asked = asked.ok_or(NoRoute::NotConnected)?;
    let external_id = variant.external_id.clone().ok_or(NoRoute::NoNumber)?;
    let price = variant.cost.as_ref().ok_or(NoRoute::NoPrice)?.value;
    let piece_cost = price.range.single().ok_or(NoRoute::NoPrice)?;
    let units = u32::try_from(line.current_quantity).unwrap_or(0);
    let pieces = units.saturating_mul(mapping.pieces);
    let stock = variant.stock.as_ref().map(|told| told.value);
    let is_out = stock.is_some_and(|s| {
        s.presence == Presence::Out || s.quantity.is_some_and(|quantity| quantity < pieces)
    });
    if is_out {
        return Err(NoRoute::OutOfStock);
    }
    let from = sent_from(&variant.shelves, country);
    let from = from.map(str::to_owned).or(product.ships_from.clone());
    Ok(Had {
        mapping,
        asked,
        ships_from: from.ok_or(NoRoute::NoWarehouse)?,
        currency: price.currency,
        line: SupplyLine {
            line: line.id,
            variant: mapping.variant,
            title: line.title.clone(),
            units: line.current_quantity,
            product: product.id,
            external_id,
            pieces,
            piece_cost,
        },
    })
}

fn goods(lines: &[SupplyLine], currency: Currency) -> Option<i64> {
    lines.iter().try_fold(0_i64, |sum, line| {
        let cost = line.piece_cost.checked_mul(Decimal::from(line.pieces))?;
        sum.checked_add(round_to_minor(cost, currency).ok()?)
    })
}

async fn quote(
    source: &Arc<dyn SupplierSource>,
    from: &str,
    country: &str,
    lines: &[SupplyLine],
) -> Result<ShipQuote, NoRoute> {
    let of = QuoteFor {
        from: from.to_owned(),
        to: country.to_owned(),
        postcode: None,
        lines: lines
            .iter()
            .map(|l| PlaceLine {
                variant: l.external_id.clone(),
                quantity: l.pieces,
            })
            .collect(),
    };
    let quotes = source.quotes(&of).await;
    let quotes = quotes.map_err(|error| NoRoute::NoAnswer(error.detail))?;
    let best = cheapest(&quotes).cloned();
    best.ok_or_else(|| NoRoute::NotSent(country.to_owned()))
}

/// Plans by asking suppliers, and proposes nothing.
pub(crate) struct Planner {
    pub(crate) ports: Ports,
    pub(crate) changes: Changes,
}

impl Supply {
    fn planner(&self) -> Planner {
        Planner {
            ports: self.ports.clone(),
            changes: self.changes.clone(),
        }
    }

    /// What each line costs at this moment: every supplier is asked.
    pub async fn offers(&self, store: &Store, id: OrderId) -> Result<SupplyOffer, SupplyError> {
        self.planner().offers(store, id).await
    }

    /// Proposes to have lines sent: one operation for each supplier and warehouse. Nothing leaves before it is approved.
    pub async fn propose(
        &self,
        store: &Store,
        id: OrderId,
        wish: SupplyWish,
        by: &Actor,
    ) -> Result<ChangeSet, SupplyError> {
        let plans = self.planner().plans(store, id, wish).await?;
        let name = plans.first().map(|p| p.order_name.clone());
        let name = name.unwrap_or_default();
        let new = NewChangeSet {
            title: None,
            reason: format!("Lines of {name} are sent by a supplier"),
            edits: plans.into_iter().map(Edit::SupplierOrder).collect(),
            proposed_by: by.clone(),
        };
        let set = ChangeSetId(Uuid::now_v7());
        Ok(self.changes.propose_as(set, store, new).await?)
    }
}

impl Planner {
    async fn orders(
        &self,
        store: &Store,
        filter: &SupplierOrderFilter,
        page: &PageRequest,
    ) -> PortResult<Page<SupplierOrder>> {
        let book = &self.ports.supplier_order_book;
        book.supplier_orders(store.scope, filter, page).await
    }

    async fn products_of(
        &self,
        store: &Store,
        mappings: &[SupplierMapping],
    ) -> PortResult<BTreeMap<SupplierProductId, SupplierProduct>> {
        products_of(&self.ports, store, mappings).await
    }

    /// What each line costs at this moment: every supplier is asked.
    pub(crate) async fn offers(
        &self,
        store: &Store,
        id: OrderId,
    ) -> Result<SupplyOffer, SupplyError> {
        let found = self.ports.orders.find(store.scope, id).await?;
        let order = found.ok_or(SupplyError::UnknownOrder)?.order;
        let filter = SupplierOrderFilter {
            order: Some(id),
            state: None,
        };
        let page = PageRequest::first(HISTORY);
        let standing = self.orders(store, &filter, &page).await?.items;
        let shown = self.shipping(store, id).await?;
        let variants = order.variants();
        let mappings = self
            .ports
            .supplier_mappings
            .mappings_of(store.scope, &variants);
        let mut mappings = mappings.await?;
        mappings.retain(|m| !m.off);
        let products = self.products_of(store, &mappings).await?;
        let asked = self.asked(store).await?;
        let country = order.country.clone();
        let mut lines = Vec::new();
        let goods = order.lines.iter().filter(|l| l.ships()).take(MOST_LINES);
        for line in goods {
            let of_line = mappings.iter().filter(|m| Some(m.variant) == line.variant);
            let of_line: Vec<_> = of_line.collect();
            let mut routes = LineRoutes {
                line: line.id,
                title: line.title.clone(),
                units: line.current_quantity,
                sold_for: sold_for(&order, line),
                against: against(line, &order, shown.as_ref(), &standing),
                routes: Vec::new(),
                refused: Vec::new(),
            };
            if of_line.is_empty() && routes.against.is_none() {
                routes.against = Some("no variant of a supplier is mapped to it".to_owned());
            }
            if let (None, Some(country)) = (&routes.against, &country) {
                for mapping in of_line {
                    let product = products.get(&mapping.product);
                    let route = match had(line, mapping, product, &asked, country) {
                        Ok(had) => self.route(store, &had, country).await,
                        Err(why) => Err(why),
                    };
                    let name = product.and_then(|p| p.supplier.clone());
                    let name = name.or_else(|| product.map(|p| p.platform.name().to_owned()));
                    match route {
                        Ok(route) => routes.routes.push(route),
                        Err(why) => {
                            let name = name.unwrap_or_default();
                            routes.refused.push((mapping.id, name, why));
                        }
                    }
                }
                routes.routes = rank(routes.routes);
            }
            lines.push(routes);
        }
        Ok(SupplyOffer {
            order: id,
            name: order.name,
            country,
            lines,
            standing,
        })
    }

    async fn route(&self, store: &Store, had: &Had<'_>, country: &str) -> Result<Route, NoRoute> {
        let lines = std::slice::from_ref(&had.line);
        let goods = goods(lines, had.currency).ok_or(NoRoute::NoPrice)?;
        let quote = quote(&had.asked.source, &had.ships_from, country, lines).await?;
        if quote.cost.currency != had.currency {
            let detail = "what it costs and what sending it costs are in two currencies";
            return Err(NoRoute::NoAnswer(detail.to_owned()));
        }
        let total = Money::new(goods.saturating_add(quote.cost.minor), had.currency);
        let landed = self.here(store, total).await;
        Ok(Route {
            mapping: had.mapping.id,
            product: had.mapping.product,
            supplier: had.asked.account.platform.name().to_owned(),
            ships_from: had.ships_from.clone(),
            service: quote.service,
            goods: Money::new(goods, had.currency),
            shipping: quote.cost,
            landed: landed.map_err(|e| NoRoute::NoAnswer(e.detail))?,
            days: quote.days,
            kept: had.asked.kept,
            score: RouteScore::default(),
        })
    }

    /// In minor units of the store's currency by the rate of today, rounded; `None`: none is known.
    async fn here(&self, store: &Store, money: Money) -> PortResult<Option<i64>> {
        if money.currency == store.currency {
            return Ok(Some(money.minor));
        }
        let today = crate::ingest::calendar(store)?.day_of(self.ports.clock.now());
        let asked = BTreeSet::from([money.currency]);
        let rates = worth(&self.ports, store, asked, today).await?;
        let main = Decimal::new(money.minor, money.currency.exponent());
        let here = rates
            .get(&money.currency)
            .and_then(|rate| main.checked_mul(*rate));
        Ok(here.and_then(|here| round_to_minor(here, store.currency).ok()))
    }

    async fn shipping(&self, store: &Store, id: OrderId) -> PortResult<Option<SeenShipping>> {
        let Some(shop) = self.changes.shop(store).await? else {
            return Ok(None);
        };
        let seen = shop.look(&[Target::Shipping(id)]).await?;
        Ok(seen.into_iter().find_map(|seen| match seen {
            Seen::Shipping(seen) => Some(seen),
            _ => None,
        }))
    }

    async fn asked(&self, store: &Store) -> PortResult<Vec<Asked>> {
        let scope = store.scope;
        let accounts = self
            .ports
            .supplier_accounts
            .supplier_accounts(scope.workspace);
        let page = PageRequest::first(HISTORY);
        let any = SupplierOrderFilter::default();
        let past = self.orders(store, &any, &page);
        let past = past.await?.items;
        let mut all = Vec::new();
        for account in accounts.await?.into_iter().filter(|a| a.scope == scope) {
            if account
                .platform
                .by_interface(Capability::PlaceOrder)
                .is_err()
            {
                continue;
            }
            let way = way(&self.ports, &account, Purpose::Orders).await?;
            let own = past.iter().filter(|o| o.plan.account == account.id);
            all.push(Asked {
                kept: service(own.filter_map(SupplierOrder::in_time)),
                source: way.source,
                account,
            });
        }
        Ok(all)
    }

    /// One order for each supplier and warehouse; nobody is asked for more than a quote.
    pub(crate) async fn plans(
        &self,
        store: &Store,
        id: OrderId,
        wish: SupplyWish,
    ) -> Result<Vec<SupplyPlan>, SupplyError> {
        if wish.tolerance > SupplyPlan::MOST_TOLERANCE {
            return fault("tolerance_bp", "is at most 1000: a tenth of the quote");
        }
        let offer = self.offers(store, id).await?;
        let Some(country) = offer.country.clone() else {
            return fault("order_id", "tells no country to which it is sent");
        };
        let chosen = chosen(&offer, &wish)?;
        let found = self.ports.orders.find(store.scope, id).await?;
        let order = found.ok_or(SupplyError::UnknownOrder)?.order;
        let ids: Vec<_> = order.variants();
        let mappings = self
            .ports
            .supplier_mappings
            .mappings_of(store.scope, &ids)
            .await?;
        let products = self.products_of(store, &mappings).await?;
        let asked = self.asked(store).await?;
        let mut groups: BTreeMap<(SupplierAccountId, String), Vec<Had<'_>>> = BTreeMap::new();
        for (line, mapping) in chosen {
            let line = order.line(line).ok_or(SupplyError::UnknownOrder)?;
            let mapping = mappings.iter().find(|m| m.id == mapping);
            let mapping = mapping.ok_or(SupplyError::UnknownMapping)?;
            let product = products.get(&mapping.product);
            match had(line, mapping, product, &asked, &country) {
                Ok(had) => {
                    let key = (had.asked.account.id, had.ships_from.clone());
                    groups.entry(key).or_default().push(had);
                }
                Err(why) => return fault("lines", format!("{}: {why}", line.title)),
            }
        }
        let mut taken: BTreeSet<OurRef> = self.proposed(store, id).await?;
        taken.extend(offer.standing.iter().map(|o| o.plan.our_ref.clone()));
        let free = |part: &u16| !taken.contains(&OurRef::of(store.scope.store, order.id, *part));
        let mut plans = Vec::new();
        for (part, group) in (0_u16..).filter(free).zip(groups.into_values()) {
            let plan = self.plan(store, &order, (&country, part), group, &wish);
            plans.push(plan.await?);
        }
        Ok(plans)
    }

    /// References of orders at suppliers that are proposed or under way for an order: none is given twice, though nobody opened them yet.
    async fn proposed(&self, store: &Store, id: OrderId) -> PortResult<BTreeSet<OurRef>> {
        let mut refs = BTreeSet::new();
        for status in [
            ChangeSetStatus::Proposed,
            ChangeSetStatus::Approved,
            ChangeSetStatus::Applying,
        ] {
            let filter = ChangeFilter {
                store: Some(store.scope.store),
                status: Some(status),
                ..ChangeFilter::default()
            };
            let mut page = PageRequest::first(HISTORY);
            loop {
                let workspace = store.scope.workspace;
                let found = self.ports.changes.list(workspace, &filter, &page).await?;
                let actions = found.items.iter().flat_map(|set| &set.operations);
                refs.extend(actions.filter_map(|o| match &o.action {
                    Action::SupplierOrder(plan) if plan.order == id => Some(plan.our_ref.clone()),
                    _ => None,
                }));
                page.cursor = found.next_cursor;
                if page.cursor.is_none() {
                    break;
                }
            }
        }
        Ok(refs)
    }

    async fn plan(
        &self,
        store: &Store,
        order: &Order,
        (country, part): (&str, u16),
        group: Vec<Had<'_>>,
        wish: &SupplyWish,
    ) -> Result<SupplyPlan, SupplyError> {
        let Some(first) = group.first() else {
            return fault("lines", "has nothing that could be ordered");
        };
        let (currency, asked) = (first.currency, first.asked);
        let ships_from = first.ships_from.clone();
        if group.iter().any(|h| h.currency != currency) {
            return fault("lines", "are priced in several currencies by one supplier");
        }
        let lines: Vec<SupplyLine> = group.into_iter().map(|had| had.line).collect();
        let quote = match quote(&asked.source, &ships_from, country, &lines).await {
            Ok(quote) => quote,
            Err(why) => return fault("lines", why.to_string()),
        };
        let Some(goods) = goods(&lines, currency).filter(|_| quote.cost.currency == currency)
        else {
            return fault(
                "lines",
                "cost more than can be counted, or in two currencies",
            );
        };
        let sold = lines.iter().filter_map(|l| order.line(l.line));
        let sold = sold.map(|line| sold_for(order, line)).sum();
        let our_ref = OurRef::of(store.scope.store, order.id, part);
        let mut plan = SupplyPlan {
            id: SupplyPlan::id_of(&our_ref, store.scope),
            our_ref,
            account: asked.account.id,
            supplier: asked.account.platform.name().to_owned(),
            order: order.id,
            order_name: order.name.clone(),
            lines,
            country: country.to_owned(),
            ships_from,
            service: quote.service,
            days: quote.days,
            currency,
            goods,
            shipping: quote.cost.minor,
            tolerance: wish.tolerance,
            sold_for: sold,
            cost: 0,
            accepts_loss: wish.accepts_loss,
        };
        let Some(cost) = self.here(store, plan.most()).await? else {
            let message = format!(
                "cost {currency}, and no rate of today to {} is known",
                store.currency
            );
            return fault("lines", message);
        };
        plan.cost = cost;
        if order.currency != store.currency {
            let message = format!(
                "were sold in {}, which is not the store's currency",
                order.currency
            );
            return fault("lines", message);
        }
        if plan.loses() && !wish.accepts_loss {
            let message =
                "is needed: at most it costs more than the lines were sold for without tax";
            return fault("accepts_loss", message);
        }
        Ok(plan)
    }
}
