//! One reading of a supplier: what is known of it again, then what the watch list finds, then everything is scored.

use super::Suppliers;
use super::product::{Read, Reader};
use crate::opportunities::main_countries;
use crate::queue::Progress;
use domain::ids::{StoreScope, SupplierProductId};
use domain::supplier::{
    Capability, RestContract, Search, SupplierAccount, SupplierPlace, SupplierProduct,
    SupplierSyncRun, Teller,
};
use domain::sync::SyncWarning;
use ports::page::MAX_LIMIT;
use ports::supplier_platforms::{Purpose, SupplierSource};
use ports::suppliers::OfferFilter;
use ports::{Kind, PageRequest, PortError, PortResult};
use std::collections::BTreeMap;

/// So many products in a row that cannot be read are no accident.
const MOST_UNREADABLE: u32 = 5;
/// Warnings that a run keeps; what is beyond them is only counted.
const MOST_WARNINGS: usize = 50;

pub(super) struct Reading {
    pub(super) service: Suppliers,
    pub(super) progress: Progress<SupplierSyncRun>,
}

/// Whether a product is asked for by its id; else it is read where a list shows it.
fn by_id(account: &SupplierAccount) -> bool {
    account.rest.as_ref().is_none_or(RestContract::reads_by_id)
}

/// How many products in a row could not be read.
#[derive(Default)]
struct Luck(u32);

impl Luck {
    fn good(&mut self) {
        self.0 = 0;
    }

    /// The error, when there were too many.
    fn bad(&mut self, error: PortError) -> PortResult<PortError> {
        self.0 += 1;
        if self.0 >= MOST_UNREADABLE {
            Err(error)
        } else {
            Ok(error)
        }
    }
}

impl Reading {
    pub(super) async fn work(self) -> PortResult<()> {
        let run = self.progress.now();
        let service = &self.service;
        let account = service.find(&run).await?;
        let access = service.open(&account, Purpose::Catalogue).await?;
        let source = access.source.as_ref();
        let told = source.identify().await?;
        let account = service
            .update(&run, |account| account.recognise(&told))
            .await?;
        self.listen(&account, source).await;
        let store = service
            .stores
            .pick(run.scope.workspace, Some(run.scope.store))
            .await
            .map_err(|error| {
                let (kind, retry) = (Kind::NotFound, ports::Retry::Never);
                PortError::new(kind, retry, "royal", "supplier.read", error.to_string())
            })?;
        let countries = main_countries(&service.ports, &store).await?;
        let asks_sending = account.rest.is_none();
        if countries.is_empty() && asks_sending {
            let text = "The store has no orders of the last 90 days: to which countries it sends is not known, so nobody was asked what sending costs.";
            self.warn("no_countries", text.to_owned());
        }
        let reader = Reader {
            scope: run.scope,
            platform: account.platform,
            source,
            countries: &countries,
            asks_stock: account.by_interface(Capability::Stock).is_ok(),
            asks_sending,
        };
        let read = self.read(&account, &reader).await;
        // Also of a run that was stopped by its end.
        let quota = source.quota();
        if quota.is_some() {
            service
                .update(&run, |account| account.quota = quota)
                .await?;
        }
        read?;
        service.scoring.rescore(&store).await?;
        let now = service.ports.clock.now();
        service
            .update(&run, |account| {
                account.last_synced_at = Some(now);
                account.last_error = None;
            })
            .await?;
        Ok(())
    }

    /// Messages only make news come sooner: without them a reading finds the same.
    async fn listen(&self, account: &SupplierAccount, source: &dyn SupplierSource) {
        let Some(address) = self.service.address(account) else {
            return;
        };
        match source.listen(&address).await {
            Err(error) if error.kind != Kind::Unsupported => {
                let name = account.platform.name();
                let what = format!(
                    "{name} was not told where its messages go: {}",
                    error.detail
                );
                self.warn("not_listening", what);
            }
            _ => {}
        }
    }

    async fn read(&self, account: &SupplierAccount, reader: &Reader<'_>) -> PortResult<()> {
        let mut luck = Luck::default();
        if let SupplierPlace::Known { after } = self.progress.now().place {
            if by_id(account) {
                self.known(reader, after, &mut luck).await?;
            }
            self.go(SupplierPlace::Search { search: 0, page: 1 });
        }
        if let SupplierPlace::Search { search, page } = self.progress.now().place {
            if account.by_interface(Capability::Discover).is_ok() {
                self.search(account, reader, (search, page), &mut luck)
                    .await?;
            }
            self.go(SupplierPlace::Score);
        }
        Ok(())
    }

    fn go(&self, place: SupplierPlace) {
        self.progress.note(|run| run.place = place);
    }

    fn warn(&self, code: &str, message: String) {
        self.progress.note(|run| {
            let known = run.warnings.iter().any(|w| w.message == message);
            if !known && run.warnings.len() < MOST_WARNINGS {
                run.warnings.push(SyncWarning {
                    code: code.to_owned(),
                    message,
                });
            }
        });
    }

    /// Everything that is known of the platform, by id.
    async fn known(
        &self,
        reader: &Reader<'_>,
        after: Option<SupplierProductId>,
        luck: &mut Luck,
    ) -> PortResult<()> {
        let suppliers = &self.service.ports.suppliers;
        let mut page = PageRequest::first(MAX_LIMIT);
        loop {
            let filter = OfferFilter {
                platform: Some(reader.platform),
                ..OfferFilter::default()
            };
            let found = suppliers.list_offers(reader.scope, &filter, &page).await?;
            self.progress.note(|run| run.total = found.total);
            let behind = |p: &SupplierProduct| after.is_none_or(|after| p.id > after);
            for product in found.items {
                if !behind(&product) {
                    continue;
                }
                let id = product.id;
                // One that a list told without a number cannot be asked for.
                if let Some(external_id) = product.external_id.clone() {
                    self.one(reader, &external_id, Some(product), luck).await?;
                }
                self.go(SupplierPlace::Known { after: Some(id) });
            }
            page.cursor = found.next_cursor;
            if page.cursor.is_none() {
                return Ok(());
            }
        }
    }

    /// What is looked for and not known yet, until so many are kept as are wanted.
    async fn search(
        &self,
        account: &SupplierAccount,
        reader: &Reader<'_>,
        (mut at, mut number): (usize, u32),
        luck: &mut Luck,
    ) -> PortResult<()> {
        let mut kept = self.count(reader).await?;
        let most = u64::from(account.watch.most_products);
        while let Some(text) = account.watch.texts.get(at) {
            if kept >= most && by_id(account) {
                return Ok(());
            }
            let search = Search {
                text: Some(text.clone()),
                ships_from: account.watch.ships_from.clone(),
                page: number,
            };
            let found = reader.source.search(&search).await?;
            let ids = found.items.iter();
            let ids = ids
                .map(|hit| SupplierProduct::id_of(reader.scope, reader.platform, &hit.external_id));
            let ids: Vec<_> = ids.collect();
            let mut known = self.there(reader.scope, &ids).await?;
            for (hit, id) in found.items.iter().zip(&ids) {
                if let Some(known) = known.remove(id) {
                    // What only a list tells is read here, and nowhere else.
                    if !by_id(account) {
                        self.one(reader, &hit.external_id, Some(known), luck)
                            .await?;
                    }
                } else if kept < most && self.one(reader, &hit.external_id, None, luck).await? {
                    kept += 1;
                    self.progress.note(|run| run.new_products += 1);
                }
            }
            if found.has_more {
                number += 1;
            } else {
                (at, number) = (at + 1, 1);
            }
            self.go(SupplierPlace::Search {
                search: at,
                page: number,
            });
        }
        Ok(())
    }

    async fn there(
        &self,
        scope: StoreScope,
        ids: &[SupplierProductId],
    ) -> PortResult<BTreeMap<SupplierProductId, SupplierProduct>> {
        let known = self.service.ports.suppliers.offers(scope, ids).await?;
        Ok(known.into_iter().map(|p| (p.id, p)).collect())
    }

    async fn count(&self, reader: &Reader<'_>) -> PortResult<u64> {
        let filter = OfferFilter {
            platform: Some(reader.platform),
            ..OfferFilter::default()
        };
        let first = PageRequest::first(1);
        let suppliers = &self.service.ports.suppliers;
        let found = suppliers.list_offers(reader.scope, &filter, &first).await?;
        Ok(found.total.unwrap_or(found.items.len() as u64))
    }

    /// Whether it is kept.
    async fn one(
        &self,
        reader: &Reader<'_>,
        external_id: &str,
        known: Option<SupplierProduct>,
        luck: &mut Luck,
    ) -> PortResult<bool> {
        let is_new = known.is_none();
        let ports = &self.service.ports;
        let by = Teller::Api {
            sync: self.progress.now().id,
        };
        let read = reader.read(external_id, known, by, ports.clock.now()).await;
        let read = match read {
            Ok(read) => read,
            Err(error) if error.kind == Kind::Corrupt => {
                let error = luck.bad(error)?;
                self.progress.note(|run| run.unread += 1);
                self.warn("unreadable", format!("{external_id}: {}", error.detail));
                return Ok(false);
            }
            Err(error) => return Err(error),
        };
        luck.good();
        let Some(Read {
            product,
            taken,
            unread,
            stopped,
        }) = read
        else {
            return Ok(false);
        };
        let products = std::slice::from_ref(&product);
        ports
            .suppliers
            .save_offers(reader.scope, products, &taken.prices, &taken.changes)
            .await?;
        for what in &unread {
            self.warn("unread", format!("{external_id}: {what}"));
        }
        self.progress.note(|run| {
            run.products += 1;
            run.changes += taken.changes.len() as u64;
            run.unread += unread.len() as u64;
            if is_new {
                run.total = run.total.map(|total| total + 1);
            }
        });
        match stopped {
            Some(error) => Err(error),
            None => Ok(true),
        }
    }
}
