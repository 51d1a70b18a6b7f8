//! Customers one by one: lists, segments, and one with everything that is known.

use super::{CustomerError, Customers};
use chrono::NaiveDate;
use domain::customers::{Analysis, CustomerDay, FixedSegment, MIN_CUSTOMERS, Rfm, Segment};
use domain::ids::{CustomerId, StoreId, WorkspaceId};
use domain::store::Store;
use ports::customers::{CustomerQuery, CustomerRow, CustomerSort, WorthFilter};
use ports::orders::{OrderQuery, OrderSort, StoredOrder};
use ports::{Page, PageRequest, PortResult};

/// Orders that a customer's page shows.
const ORDERS: u32 = 50;

/// Whether names and mail addresses can be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visibility {
    Granted,
    /// The connection lacks the scope of customers.
    NoScope,
    /// The scope is there, but names and mail addresses come empty: protected customer data is not approved.
    Withheld,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SegmentName {
    Scored(Segment),
    Fixed(FixedSegment),
}

impl SegmentName {
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let scored = Segment::ALL.into_iter().find(|s| s.as_str() == text);
        let fixed = FixedSegment::ALL.into_iter().find(|s| s.as_str() == text);
        scored.map(Self::Scored).or(fixed.map(Self::Fixed))
    }
}

#[derive(Debug, Clone, Default)]
pub struct CustomerFilter {
    pub text: Option<String>,
    pub segment: Option<SegmentName>,
    pub country: Option<String>,
    pub first_from: Option<NaiveDate>,
    pub first_to: Option<NaiveDate>,
    pub sort: CustomerSort,
}

/// A filter with its bounds as they were when it was asked for.
#[derive(Debug, Clone)]
pub struct Listing {
    pub store: Store,
    pub visibility: Visibility,
    query: CustomerQuery,
}

#[derive(Debug, Clone)]
pub struct CustomerDetail {
    pub row: CustomerRow,
    pub days: Vec<(NaiveDate, CustomerDay)>,
    /// Newest first, at most fifty.
    pub orders: Page<StoredOrder>,
    /// `None` with too few customers.
    pub scores: Option<(u8, u8, Segment)>,
    pub fixed: Vec<FixedSegment>,
    pub today: NaiveDate,
}

impl Customers {
    pub async fn list(
        &self,
        workspace: WorkspaceId,
        store: Option<StoreId>,
        filter: &CustomerFilter,
        page: &PageRequest,
    ) -> Result<(Store, Page<CustomerRow>, Visibility), CustomerError> {
        let listing = self.listing(workspace, store, filter).await?;
        let page = self.page(&listing, page).await?;
        Ok((listing.store, page, listing.visibility))
    }

    /// What is to be read to its end: the bounds of a segment move with every order, and these stay.
    pub async fn listing(
        &self,
        workspace: WorkspaceId,
        store: Option<StoreId>,
        filter: &CustomerFilter,
    ) -> Result<Listing, CustomerError> {
        let store = self.stores.pick(workspace, store).await?;
        Ok(Listing {
            query: self.query(&store, filter).await?,
            visibility: self.visibility(&store).await?,
            store,
        })
    }

    /// Who falls within the listing's bounds now.
    pub async fn page(
        &self,
        listing: &Listing,
        page: &PageRequest,
    ) -> PortResult<Page<CustomerRow>> {
        let Listing { store, query, .. } = listing;
        let book = &self.ports.customers;
        book.list(store.scope, store.currency, query, page).await
    }

    async fn query(
        &self,
        store: &Store,
        filter: &CustomerFilter,
    ) -> Result<CustomerQuery, CustomerError> {
        let mut query = CustomerQuery {
            text: filter.text.clone(),
            country: filter.country.clone(),
            first_from: filter.first_from,
            first_to: filter.first_to,
            sort: filter.sort,
            asked: filter.segment.map(|_| format!("{filter:?}")),
            ..CustomerQuery::default()
        };
        match filter.segment {
            None => {}
            Some(SegmentName::Fixed(segment)) => {
                let settings = self.ports.customers.settings(store.scope).await?;
                let today = self.today(store)?;
                match segment {
                    FixedSegment::Vip => {
                        query.revenue_above =
                            Some(FixedSegment::vip_above(&settings, store.currency));
                    }
                    FixedSegment::Lapsing => {
                        let before = FixedSegment::lapsed_before(&settings, today);
                        query.last_until = before.pred_opt();
                    }
                    FixedSegment::OneOrder => query.orders = Some(1),
                }
            }
            Some(SegmentName::Scored(segment)) => {
                let analysis = self.analysed(store).await?.analysis;
                within(&mut query, scored(&analysis)?, segment);
            }
        }
        Ok(query)
    }

    pub async fn find(
        &self,
        workspace: WorkspaceId,
        store: Option<StoreId>,
        id: CustomerId,
    ) -> Result<Option<(Store, CustomerDetail, Visibility)>, CustomerError> {
        for candidate in self.stores.list(workspace).await? {
            if store.is_some_and(|s| s != candidate.scope.store) {
                continue;
            }
            let known = self
                .ports
                .privacy
                .identities(candidate.scope, &[id], &[])
                .await?;
            let found = self
                .ports
                .customers
                .find(candidate.scope, candidate.currency, known.now(id))
                .await?;
            if let Some(row) = found {
                let detail = self.detail(&candidate, row).await?;
                let visibility = self.visibility(&candidate).await?;
                return Ok(Some((candidate, detail, visibility)));
            }
        }
        Ok(None)
    }

    async fn detail(
        &self,
        store: &Store,
        row: CustomerRow,
    ) -> Result<CustomerDetail, CustomerError> {
        let id = row.standing.customer;
        let days = self
            .ports
            .customers
            .days_of(store.scope, store.currency, id)
            .await?;
        let query = OrderQuery {
            customer: Some(id),
            sort: OrderSort::NewestFirst,
            ..OrderQuery::default()
        };
        let page = PageRequest {
            cursor: None,
            limit: ORDERS,
        };
        let orders = self.ports.orders.list(store.scope, &query, &page).await?;
        let analysis = self.analysed(store).await?.analysis;
        let settings = self.ports.customers.settings(store.scope).await?;
        let today = self.today(store)?;
        let scores = analysis.rfm.as_ref().map(|rfm| {
            let (recency, worth) = rfm.scores(&row.standing);
            (recency, worth, rfm.segment(&row.standing))
        });
        let fixed = FixedSegment::ALL
            .into_iter()
            .filter(|s| s.holds(&row.standing, &settings, store.currency, today))
            .collect();
        Ok(CustomerDetail {
            row,
            days,
            orders,
            scores,
            fixed,
            today,
        })
    }

    pub(super) async fn visibility(&self, store: &Store) -> PortResult<Visibility> {
        let found = self
            .ports
            .connections
            .find(store.scope.workspace, store.connection)
            .await?;
        let lacks =
            found.is_some_and(|c| c.scopes.missing.iter().any(|m| m.scope == "read_customers"));
        if lacks {
            return Ok(Visibility::NoScope);
        }
        Ok(
            match self.ports.facts.has_named_customer(store.scope).await? {
                Some(false) => Visibility::Withheld,
                Some(true) | None => Visibility::Granted,
            },
        )
    }
}

fn scored(analysis: &Analysis) -> Result<&Rfm, CustomerError> {
    analysis.rfm.as_ref().ok_or(CustomerError::TooFew {
        customers: analysis.all.customers,
        needed: MIN_CUSTOMERS,
    })
}

/// The rectangle of a segment as bounds on what is stored.
fn within(query: &mut CustomerQuery, rfm: &Rfm, segment: Segment) {
    let area = segment.rectangle();
    let days = rfm.recency_days();
    // A score above the lowest exceeds the cut below it; one below the highest stays within its own.
    if area.recency.0 > 1 {
        query.last_after = days[usize::from(area.recency.0) - 2];
    }
    if area.recency.1 < 5 {
        query.last_until = days[usize::from(area.recency.1) - 1];
    }
    query.worth = Some(WorthFilter {
        frequency: rfm.frequency,
        money: rfm.money,
        from: area.worth.0,
        to: area.worth.1,
    });
}
