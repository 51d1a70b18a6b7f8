//! Supplier catalogues by file, and what is made of them, over the fakes.

use crate::world::World;
use application::changes::ChangeError;
use application::imports::{ImportError, Imports, NewImport};
use application::opportunities::{Approval, Opportunities, OpportunityError, SettingsChange};
use application::{PortSet, Ports};
use bytes::Bytes;
use domain::audit::Actor;
use domain::changes::{Action, ChangeSetStatus};
use domain::ids::ImportId;
use domain::import::{Import, ImportKind, ImportStatus};
use domain::opportunity::{Potential, ScoreSettings, Watch, Watched};
use domain::store::Store;
use domain::supplier::{Platform, Presence, SupplierProduct};
use ports::PageRequest;
use ports::audit::AuditFilter;
use ports::opportunities::OpportunityFilter;
use ports::suppliers::OfferFilter;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

const HEADER: &str = "Product ID,Supplier,Title,Variant SKU,Variant,You Pay,Currency,Stock,Shipping Cost,Shipping Time,Suggested Price\n";

pub(crate) struct Shop {
    pub(crate) world: World,
    pub(crate) store: Store,
    pub(crate) imports: Imports,
    pub(crate) opportunities: Opportunities,
}

impl Shop {
    /// A connected shop with some products and orders, in dollars.
    pub(crate) async fn new() -> Self {
        let world = World::new().await;
        world.shop.put(crate::world::order(1, 3));
        world.synced().await;
        Self::over(world).await
    }

    /// Of a world whose ports are what the test made of them.
    pub(crate) async fn over(world: World) -> Self {
        let (ports, hub) = (world.ports.clone(), world.hub.clone());
        let store = ports.connections.stores(world.workspace).await.unwrap();
        Self {
            imports: Imports::new(ports.clone(), hub.clone(), &world.connections),
            opportunities: Opportunities::new(ports, hub, world.changes.clone()),
            store: store.into_iter().next().unwrap(),
            world,
        }
    }

    async fn upload(&self, text: &str) -> Result<Import, ImportError> {
        let mut upload = self.imports.upload().await?;
        upload
            .write(Bytes::copy_from_slice(text.as_bytes()))
            .await?;
        let new = NewImport {
            scope: self.store.scope,
            file_name: "offers.csv".to_owned(),
            kind: None,
            mapping: None,
        };
        upload.finish(new).await
    }

    async fn settle(&self, id: ImportId) -> Import {
        let stop = CancellationToken::new();
        let worker = tokio::spawn({
            let (imports, stop) = (self.imports.clone(), stop.clone());
            async move { imports.run_worker(stop).await }
        });
        let import = loop {
            let import = self.imports.find(self.world.workspace, id).await.unwrap();
            if !import.status.is_work() {
                break import;
            }
            tokio::task::yield_now().await;
        };
        stop.cancel();
        worker.await.unwrap();
        import
    }

    /// Checked with these answers.
    async fn checked(&self, text: &str, answers: &[(&str, &str)]) -> Import {
        let import = self.upload(text).await.unwrap();
        let mut mapping = import.mapping.clone().unwrap();
        assert_eq!(mapping.kind, ImportKind::SupplierOffers);
        for (key, value) in answers {
            mapping
                .answers
                .insert((*key).to_owned(), (*value).to_owned());
        }
        let (workspace, id) = (self.world.workspace, import.id);
        let mapped = self.imports.set_mapping(workspace, id, mapping).await;
        mapped.unwrap();
        self.imports.check(workspace, id).await.unwrap();
        self.settle(id).await
    }

    pub(crate) async fn imported(&self, text: &str, snapshot: &str, good_only: bool) -> Import {
        let answers = [("platform", "autods"), ("snapshot", snapshot)];
        let import = self.checked(text, &answers).await;
        assert_eq!(import.status, ImportStatus::Checked, "{:?}", import.report);
        let workspace = self.world.workspace;
        let started = self.imports.start(workspace, import.id, good_only);
        let started = started.await.unwrap();
        let done = self.settle(started.id).await;
        assert_eq!(done.status, ImportStatus::Done, "{:?}", done.error);
        done
    }

    async fn undone(&self, import: &Import) {
        let workspace = self.world.workspace;
        self.imports.undo(workspace, import.id).await.unwrap();
        let undone = self.settle(import.id).await;
        assert_eq!(undone.status, ImportStatus::Undone, "{:?}", undone.error);
    }

    pub(crate) async fn offers(&self) -> Vec<SupplierProduct> {
        let (all, page) = (OfferFilter::default(), PageRequest::first(250));
        let found = self.opportunities.offers(&self.store, &all, &page).await;
        let mut found = found.unwrap().items;
        found.sort_by(|a, b| a.external_id.cmp(&b.external_id));
        found
    }

    /// Id, price, how many.
    async fn told(&self) -> Vec<(String, String, Presence)> {
        let of = |p: &SupplierProduct| {
            let variant = &p.variants[0];
            let cost = variant
                .cost
                .as_ref()
                .map(|c| c.value.range.high.to_string());
            (
                p.external_id.clone().unwrap_or_default(),
                cost.unwrap_or_default(),
                variant
                    .stock
                    .as_ref()
                    .map_or(Presence::Unknown, |s| s.value.presence),
            )
        };
        self.offers().await.iter().map(of).collect()
    }

    pub(crate) async fn found(&self, filter: OpportunityFilter) -> Vec<Watched> {
        let page = PageRequest::first(250);
        let found = self.opportunities.list(&self.store, &filter, &page).await;
        found.unwrap().items
    }

    pub(crate) async fn titled(&self, title: &str) -> Watched {
        let all = self.found(OpportunityFilter::default()).await;
        let found = all.into_iter().find(|w| w.opportunity.title == title);
        found.unwrap()
    }
}

pub(crate) fn row(id: &str, title: &str, cost: &str, stock: &str) -> String {
    format!("{id},Acme,{title},{id}-A,,{cost},USD,{stock},2.00,4-8,30.00\n")
}

pub(crate) fn file(rows: &[String]) -> String {
    format!("{HEADER}{}", rows.concat())
}

pub(crate) fn person() -> Actor {
    Actor::new(
        domain::audit::ActorKind::Person,
        None,
        "ada@example.com",
        None,
    )
}

#[tokio::test]
async fn what_only_a_person_knows_is_asked_once_for_files_of_these_columns() {
    let shop = Shop::new().await;
    let text = file(&[row("P-1", "Lamp", "5.00", "10")]);
    let open = shop.checked(&text, &[]).await;
    assert_eq!(open.status, ImportStatus::Checked);
    let asked = open.report.unwrap().questions.into_iter().map(|q| q.key);
    assert_eq!(asked.collect::<Vec<_>>(), ["platform", "snapshot"]);
    let start = shop.imports.start(shop.world.workspace, open.id, true);
    assert!(matches!(start.await, Err(ImportError::NotNow(_))));
    let done = shop.imported(&text, "part", false).await;
    assert_eq!(done.place.counts.created, 1);
    let again = shop.upload(&file(&[row("P-2", "Mug", "1.234", "1")])).await;
    let again = again.unwrap();
    assert!(again.mapping_reused);
    let answers = again.mapping.unwrap().answers;
    assert_eq!(answers.get("platform").map(String::as_str), Some("autods"));
    assert_eq!(
        answers.len(),
        2,
        "how numbers are written is each file's own"
    );
}

#[tokio::test]
async fn a_catalogue_is_kept_with_its_history_and_an_undo_brings_back_what_was() {
    let shop = Shop::new().await;
    let first = file(&[
        row("P-1", "Lamp", "5.00", "10"),
        row("P-2", "Mug", "3.00", "yes"),
    ]);
    let one = shop.imported(&first, "part", false).await;
    assert_eq!(one.place.counts.created, 2);
    let before = shop.offers().await;
    assert_eq!(before[0].platform, Platform::Autods);
    let told = before[0].heard.by.source();
    assert_eq!(told, format!("file:{}", one.file.sha256));
    let found = shop.found(OpportunityFilter::default()).await;
    assert_eq!(found.len(), 2);

    shop.world.clock.advance(chrono::Duration::hours(1));
    let second = file(&[
        row("P-1", "Lamp", "6.50", "0"),
        row("P-3", "Bowl", "4.00", "3"),
    ]);
    let two = shop.imported(&second, "part", false).await;
    assert_eq!((two.place.counts.created, two.place.counts.changed), (1, 1));
    let told = |id: &str, cost: &str, presence| (id.to_owned(), cost.to_owned(), presence);
    assert_eq!(
        shop.told().await,
        [
            told("P-1", "6.5", Presence::Out),
            told("P-2", "3", Presence::In),
            told("P-3", "4", Presence::In),
        ],
        "a part takes nothing away"
    );
    let (_, prices) = shop
        .opportunities
        .offer(&shop.store, before[0].id)
        .await
        .unwrap();
    let prices: Vec<_> = prices
        .iter()
        .map(|p| (p.price.range.low.to_string(), p.heard.by.import()))
        .collect();
    assert_eq!(
        prices,
        [
            ("6.5".to_owned(), Some(two.id)),
            ("5".to_owned(), Some(one.id))
        ]
    );
    assert_eq!(shop.found(OpportunityFilter::default()).await.len(), 3);

    shop.undone(&two).await;
    assert_eq!(shop.offers().await, before);
    let (_, prices) = shop
        .opportunities
        .offer(&shop.store, before[0].id)
        .await
        .unwrap();
    assert_eq!(prices.len(), 1);
    assert_eq!(shop.found(OpportunityFilter::default()).await.len(), 2);
    shop.undone(&one).await;
    assert_eq!(shop.offers().await, []);
    assert_eq!(shop.found(OpportunityFilter::default()).await, []);
}

#[tokio::test]
async fn only_a_list_that_is_whole_and_readable_takes_away_what_it_does_not_name() {
    let shop = Shop::new().await;
    let all = ["P-1", "P-2", "P-3", "P-4", "P-5", "P-6"];
    let rows =
        |ids: &[&str]| -> Vec<String> { ids.iter().map(|id| row(id, id, "5.00", "9")).collect() };
    shop.imported(&file(&rows(&all)), "full", false).await;
    let out = |told: Vec<(String, String, Presence)>| -> Vec<String> {
        let out = told.into_iter().filter(|t| t.2 == Presence::Out);
        out.map(|t| t.0).collect()
    };
    assert_eq!(out(shop.told().await), [""; 0]);

    let mut broken = rows(&all[..5]);
    broken[4] = row("P-5", "P-5", "5.00", "heaps");
    let broken = file(&broken);
    shop.imported(&broken, "full", true).await;
    assert_eq!(
        out(shop.told().await),
        [""; 0],
        "some of it could not be read"
    );

    let whole = shop.imported(&file(&rows(&all[..4])), "full", false).await;
    assert_eq!(out(shop.told().await), ["P-5", "P-6"]);
    assert!(shop.offers().await[4].variants[0].gone);
    let left = shop.found(OpportunityFilter::default()).await;
    assert_eq!(left.len(), 4, "nobody offers the others");
    shop.undone(&whole).await;
    assert_eq!(out(shop.told().await), [""; 0]);
}

#[tokio::test]
async fn a_file_that_is_read_wrongly_is_refused_as_a_whole() {
    let shop = Shop::new().await;
    let mut rows: Vec<_> = (1..=10)
        .map(|n| row(&format!("P-{n}"), "Lamp", "5.00", "9"))
        .collect();
    rows[0] = row("P-1", "Lamp", "5.00", "lots");
    rows[1] = row("P-2", "Lamp", "3-1", "1");
    let answers = [("platform", "autods"), ("snapshot", "part")];
    let fifth = shop.checked(&file(&rows), &answers).await;
    assert_eq!(fifth.status, ImportStatus::Checked, "a fifth is borne");
    let report = fifth.report.unwrap();
    assert_eq!((report.things, report.good, report.refused), (10, 8, 2));
    let page = PageRequest::first(10);
    let problems = shop.imports.problems(shop.world.workspace, fifth.id, &page);
    let problems = problems.await.unwrap().items;
    let told: Vec<_> = problems
        .iter()
        .map(|p| (p.row, p.column.as_deref()))
        .collect();
    assert_eq!(told, [(2, Some("Stock")), (3, Some("You Pay"))]);

    rows[2] = row("P-3", "Lamp", "5.00", "many");
    let more = shop.checked(&file(&rows), &answers).await;
    assert_eq!(more.status, ImportStatus::Refused);
    let report = more.report.unwrap();
    assert!(
        report.notes[0].starts_with("3 of 10 rows cannot be read"),
        "{:?}",
        report.notes
    );
    let start = shop
        .imports
        .start(shop.world.workspace, more.id, true)
        .await;
    assert!(matches!(start, Err(ImportError::NotNow(_))));
    assert_eq!(shop.offers().await, []);
}

#[tokio::test]
async fn pages_and_unknown_headers_are_never_guessed_at() {
    let shop = Shop::new().await;
    let page = shop
        .upload("<!DOCTYPE html><html><body>Sign in</body></html>")
        .await;
    let Err(ImportError::Unreadable(reason)) = page else {
        panic!("{page:?}");
    };
    assert!(reason.contains("a web page (HTML)"), "{reason}");
    let strange = shop.upload("Foo,Bar,Baz\n1,2,3\n").await.unwrap();
    assert_eq!(
        (strange.status, strange.mapping),
        (ImportStatus::Mapping, None)
    );
    let check = shop.imports.check(shop.world.workspace, strange.id).await;
    assert!(matches!(check, Err(ImportError::NotReady(_))));
    let partly = "Product ID,Title,You Pay,Currency,Secret sauce\nP-1,Lamp,5,USD,42\n";
    let partly = shop.upload(partly).await.unwrap();
    let columns = partly.mapping.unwrap().columns;
    assert!(!columns.values().any(|header| header == "Secret sauce"));
}

#[tokio::test]
async fn an_opportunity_is_approved_as_a_draft_once() {
    let shop = Shop::new().await;
    let text = file(&[
        row("P-1", "Desk <b>Lamp</b>", "5.00", "10"),
        row("P-2", "Mug", "3.00", "yes"),
    ]);
    shop.imported(&text, "part", false).await;
    let seen = shop.titled("Desk <b>Lamp</b>").await;
    let of = &seen.opportunity;
    assert_eq!(
        of.price.value,
        Some(3_000),
        "the supplier's suggestion: {}",
        of.price.why
    );
    let ada = person();
    let workspace = shop.world.workspace;
    let approve = |version, price| {
        let approval = Approval {
            version,
            price,
            ..Approval::default()
        };
        shop.opportunities.approve(workspace, of.id, approval, &ada)
    };
    let stale = approve(7, None).await;
    assert!(matches!(stale, Err(OpportunityError::ChangedMeanwhile)));
    let free = approve(0, Some(0)).await;
    assert!(matches!(free, Err(OpportunityError::Invalid(_))));
    let approved = approve(0, Some(2_900)).await.unwrap();
    assert_eq!(approved.watch(shop.world.now()), Watch::Approved);
    let decision = approved.decision.clone().unwrap();
    assert_eq!(decision.by.name, "ada@example.com");
    let set = shop
        .world
        .changes
        .find(workspace, decision.change_set.unwrap());
    let set = set.await.unwrap().unwrap();
    assert_eq!(
        set.status,
        ChangeSetStatus::Proposed,
        "nothing is written yet"
    );
    assert!(
        set.reason.starts_with("Opportunity with score"),
        "{}",
        set.reason
    );
    let Action::ProductDraft(draft) = &set.operations[0].action else {
        panic!("{:?}", set.operations[0].action);
    };
    assert_eq!(
        (draft.handle.as_str(), draft.vendor.as_str()),
        ("desk-b-lamp-b", "Acme")
    );
    let variant = &draft.variants[0];
    assert_eq!((variant.price, variant.unit_cost), (2_900, Some(500)));
    assert_eq!(variant.sku.as_deref(), Some("P-1-A"));
    let again = approve(1, None).await;
    assert!(matches!(
        again,
        Err(OpportunityError::Decided(Watch::Approved))
    ));
    let sums = shop
        .opportunities
        .sums_of(workspace)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((sums.waiting, sums.approved, sums.discovered), (1, 1, 2));
    let page = PageRequest::first(10);
    let told = shop
        .world
        .ports
        .audit
        .entries(workspace, &AuditFilter::default(), &page)
        .await;
    let told = told.unwrap().items.into_iter().map(|e| e.entry.action);
    assert_eq!(told.filter(|a| a == "opportunity.approve").count(), 1);
}

#[tokio::test]
async fn a_crash_between_proposing_and_deciding_leaves_one_proposal() {
    let shop = Shop::new().await;
    shop.imported(&file(&[row("P-1", "Lamp", "5.00", "10")]), "part", false)
        .await;
    let seen = shop.titled("Lamp").await;
    let (workspace, ada) = (shop.world.workspace, person());
    let id = seen.opportunity.id;
    let first = shop
        .opportunities
        .approve(workspace, id, Approval::default(), &ada)
        .await
        .unwrap();
    // The proposal is there, the decision is not.
    let lost = testkit::Stores::fake();
    let undecided = std::slice::from_ref(&seen.opportunity);
    lost.opportunities
        .save_opportunities(shop.store.scope, Uuid::nil(), undecided)
        .await
        .unwrap();
    let ports = Ports::from(PortSet {
        opportunities: lost.opportunities,
        ..PortSet::clone(&shop.world.ports)
    });
    let restarted = Opportunities::new(ports, shop.world.hub.clone(), shop.world.changes.clone());
    let again = restarted
        .approve(workspace, id, Approval::default(), &ada)
        .await
        .unwrap();
    let set = |w: &Watched| w.decision.as_ref().unwrap().change_set;
    assert_eq!(set(&first), set(&again));
    assert_eq!(shop.world.changes.waiting(workspace).await.unwrap(), 1);
}

#[tokio::test]
async fn nobody_orders_at_a_range_and_no_is_said_with_a_reason() {
    let shop = Shop::new().await;
    let text = file(&[
        row("P-1", "Lamp", "1.20-3.50", "10"),
        row("P-2", "Mug", "3.00", "yes"),
    ]);
    let done = shop.imported(&text, "part", false).await;
    let notes = done.report.unwrap().notes;
    assert!(notes[0].starts_with("1 rows tell a range"), "{notes:?}");
    let (lamp, mug) = (shop.titled("Lamp").await, shop.titled("Mug").await);
    let (workspace, ada) = (shop.world.workspace, person());
    let approved =
        shop.opportunities
            .approve(workspace, lamp.opportunity.id, Approval::default(), &ada);
    let Err(OpportunityError::Invalid(faults)) = approved.await else {
        panic!("a range was taken for a price");
    };
    assert_eq!(faults[0].field, "variants");
    assert!(
        faults[0].message.contains("nobody can order at a range"),
        "{faults:?}"
    );
    let id = mug.opportunity.id;
    let silent = shop
        .opportunities
        .reject(workspace, id, (0, "  "), &ada)
        .await;
    assert!(matches!(silent, Err(OpportunityError::Invalid(_))));
    let now = shop.world.now();
    let past = shop
        .opportunities
        .snooze(workspace, id, (0, now), None, &ada)
        .await;
    assert!(matches!(past, Err(OpportunityError::Invalid(_))));
    let until = now + chrono::Duration::days(7);
    let snoozed = shop
        .opportunities
        .snooze(workspace, id, (0, until), None, &ada)
        .await
        .unwrap();
    assert_eq!(
        (snoozed.watch(now), snoozed.watch(until)),
        (Watch::Snoozed, Watch::Proposed)
    );
    let rejected = shop
        .opportunities
        .reject(workspace, id, (1, "Too fragile"), &ada)
        .await
        .unwrap();
    assert_eq!(
        rejected.decision.as_ref().unwrap().reason.as_deref(),
        Some("Too fragile")
    );
    let no_more = shop
        .opportunities
        .snooze(workspace, id, (2, until), None, &ada)
        .await;
    assert!(matches!(
        no_more,
        Err(OpportunityError::Decided(Watch::Rejected))
    ));
    shop.imported(&file(&[row("P-2", "Mug", "2.00", "yes")]), "part", false)
        .await;
    let still = shop.titled("Mug").await;
    assert_eq!(
        still.watch(now),
        Watch::Rejected,
        "a new price reopens nothing"
    );
    assert_ne!(still.opportunity.landed, mug.opportunity.landed);
}

#[tokio::test]
async fn other_weights_score_everything_anew() {
    let shop = Shop::new().await;
    shop.imported(&file(&[row("P-1", "Lamp", "5.00", "10")]), "part", false)
        .await;
    let before = shop.titled("Lamp").await.opportunity;
    // (30 × 100 + 10 × 70) / 40: of 30.00 more than three quarters are left.
    assert_eq!((before.score, before.completeness), (Some(9_250), 40));
    assert_eq!(before.potential, Some(Potential::High));
    let mut settings = ScoreSettings::default();
    settings.weights.margin = 0;
    settings.weights.shipping = 40;
    let change = |version, settings| SettingsChange { version, settings };
    let ada = person();
    let set = |change| shop.opportunities.set_settings(&shop.store, change, &ada);
    let stale = set(change(3, settings)).await;
    assert!(matches!(stale, Err(OpportunityError::SetMeanwhile)));
    let mut wrong = settings;
    wrong.weights.margin = 1;
    assert!(matches!(
        set(change(0, wrong)).await,
        Err(OpportunityError::Invalid(_))
    ));
    assert_eq!(set(change(0, settings)).await.unwrap().version, 1);
    let after = shop.titled("Lamp").await.opportunity;
    assert_eq!((before.settings_version, after.settings_version), (0, 1));
    // Only the time of four to eight days is left.
    assert_eq!((after.score, after.completeness), (Some(7_000), 40));
}

#[tokio::test]
async fn a_shop_without_a_connection_takes_no_draft() {
    let shop = Shop::new().await;
    shop.imported(&file(&[row("P-1", "Lamp", "5.00", "10")]), "part", false)
        .await;
    let seen = shop.titled("Lamp").await;
    let (workspace, ports) = (shop.world.workspace, &shop.world.ports);
    let connection = ports.connections.list(None).await.unwrap()[0].id;
    ports
        .connections
        .remove(workspace, connection, None)
        .await
        .unwrap();
    let approval = Approval::default();
    let ada = person();
    let refused = shop
        .opportunities
        .approve(workspace, seen.opportunity.id, approval, &ada);
    assert!(matches!(
        refused.await,
        Err(OpportunityError::Change(ChangeError::NoConnection))
    ));
    assert_eq!(shop.titled("Lamp").await.version, 0);
}
