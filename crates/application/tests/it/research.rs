//! The agent of research over the fakes: what it proposes, what people make of it, and which offers are the same thing.

use crate::offers::{Shop, file, person, row};
use application::agents::ConfigChange;
use application::changes::Approver;
use application::opportunities::{Approval, MatchWish, OpportunityError};
use chrono::Duration;
use domain::agents::{AgentRun, Autonomy, RunStatus, Value, Values};
use domain::changes::{Action, ChangeSet, ChangeSetStatus};
use domain::opportunity::{SameBy, Watch};
use domain::people::Role;
use domain::supplier::Verdict;
use ports::PageRequest;
use ports::changes::ChangeFilter;
use ports::opportunities::OpportunityFilter;
use tokio_util::sync::CancellationToken;

const RESEARCH: &str = "product_research";

/// May propose, whatever share of a score is known.
async fn may_propose(shop: &Shop) {
    let agents = &shop.world.agents;
    let before = agents.standing(&shop.store, RESEARCH).await.unwrap().config;
    let change = ConfigChange {
        version: before.version,
        autonomy: Some(Autonomy::Propose),
        values: Some(Values::from([("least_known".to_owned(), Value::Number(0))])),
        reason: Some("it has shown what it can do".into()),
        ..ConfigChange::default()
    };
    let set = agents.configure(&shop.store, RESEARCH, change, person());
    set.await.unwrap();
}

async fn looked(shop: &Shop) -> AgentRun {
    let (agents, workspace) = (&shop.world.agents, shop.world.workspace);
    let run = agents.start(&shop.store, RESEARCH, serde_json::json!({}), person());
    let id = run.await.unwrap().id;
    let stop = CancellationToken::new();
    let worker = tokio::spawn({
        let (agents, stop) = (agents.clone(), stop.clone());
        async move { agents.run_worker(stop).await }
    });
    let run = loop {
        let run = agents.find(workspace, id).await.unwrap().unwrap();
        let waits = run.status == RunStatus::WaitingApproval;
        if waits || !run.status.is_open() {
            break run;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        shop.world.clock.advance(Duration::milliseconds(100));
    };
    stop.cancel();
    worker.await.unwrap();
    run
}

async fn waiting(shop: &Shop) -> Vec<ChangeSet> {
    let filter = ChangeFilter {
        status: Some(ChangeSetStatus::Proposed),
        ..ChangeFilter::default()
    };
    let page = PageRequest::first(100);
    let found = shop
        .world
        .changes
        .list(shop.world.workspace, &filter, &page);
    found.await.unwrap().items
}

#[tokio::test(start_paused = true)]
async fn what_is_good_is_proposed_once_and_what_people_say_to_it_is_taken_over_and_learned() {
    let shop = Shop::new().await;
    may_propose(&shop).await;
    let list = file(&[
        row("P-1", "Camping lamp", "5.00", "10"),
        row("P-2", "Camping Lamp!", "6.00", "10"),
        row("P-3", "Mug", "4.00", "0"),
        row("P-4", "Bowl", "4.00", "10"),
    ]);
    shop.imported(&list, "part", false).await;
    let run = looked(&shop).await;
    assert_eq!(run.status, RunStatus::WaitingApproval, "{:?}", run.error);
    let sets = waiting(&shop).await;
    assert_eq!(sets.len(), 2, "two offers of one lamp are one draft");
    let of = |title: &str| {
        sets.iter()
            .find(|s| s.title.ends_with(title))
            .unwrap()
            .clone()
    };
    let (lamp, bowl) = (of("Camping lamp"), of("Bowl"));
    let opportunity = shop.titled("Camping lamp").await;
    let action = &lamp.operations[0].action;
    let id = opportunity.opportunity.id;
    assert!(matches!(action, Action::ProductDraft(d) if d.opportunity == Some(id)));
    assert!(!lamp.evidence.is_empty() && lamp.effect_unknown.is_some());

    // Another look finds what waits already.
    let again = looked(&shop).await;
    assert_eq!(again.status, RunStatus::Succeeded, "{:?}", again.error);
    assert_eq!(waiting(&shop).await.len(), 2);
    let told = shop.world.agents.research(&shop.store).await.unwrap();
    let watched: Vec<_> = told
        .watch_list
        .iter()
        .map(|w| (w.title.as_str(), w.why.as_str()))
        .collect();
    assert_eq!(watched, [("Mug", "no supplier has it in stock")]);

    let by = Approver {
        actor: person(),
        role: Role::Operator,
    };
    let ada = person();
    let (changes, workspace) = (&shop.world.changes, shop.world.workspace);
    let digest = lamp.digest();
    let approved = changes.approve(workspace, lamp.id, &by, &digest, &[], None);
    approved.await.unwrap();
    let rejected = changes.reject(workspace, bowl.id, &ada, Some("it breaks on the way"));
    rejected.await.unwrap();
    assert_eq!(shop.opportunities.settle_all().await.unwrap(), 2);
    assert_eq!(shop.opportunities.settle_all().await.unwrap(), 0, "once");
    let lamp_now = shop.titled("Camping lamp").await;
    let decision = lamp_now.decision.unwrap();
    assert_eq!(
        (decision.watch, decision.change_set),
        (Watch::Approved, Some(lamp.id))
    );
    let decision = shop.titled("Bowl").await.decision.unwrap();
    assert_eq!(decision.watch, Watch::Rejected);
    assert_eq!(decision.reason.as_deref(), Some("it breaks on the way"));

    let last = looked(&shop).await;
    assert_eq!(last.status, RunStatus::Succeeded, "{:?}", last.error);
    let told = shop.world.agents.research(&shop.store).await.unwrap();
    let accepted = &told.record.accepted;
    assert_eq!((accepted.hits, accepted.of), (1, 2));
    assert!(accepted.interval.is_some() && told.record.hits.share.is_none());
    let replay = shop.world.agents.replay(workspace, last.id).await.unwrap();
    assert!(replay.same, "{replay:?}");
}

#[tokio::test(start_paused = true)]
async fn who_decides_on_the_page_decides_about_the_proposal_too() {
    let shop = Shop::new().await;
    may_propose(&shop).await;
    let list = file(&[
        row("P-1", "Lamp", "5.00", "10"),
        row("P-2", "Mug", "4.00", "10"),
        row("P-3", "Bowl", "4.00", "10"),
    ]);
    shop.imported(&list, "part", false).await;
    looked(&shop).await;
    let sets = waiting(&shop).await;
    assert_eq!(sets.len(), 3);
    let set_of = |title: &str| sets.iter().find(|s| s.title.ends_with(title)).unwrap().id;
    let workspace = shop.world.workspace;
    let approve = |title: &'static str, price| {
        let shop = &shop;
        async move {
            let id = shop.titled(title).await.opportunity.id;
            let wish = Approval {
                price,
                ..Approval::default()
            };
            let ada = person();
            let done = shop.opportunities.approve(workspace, id, wish, &ada);
            done.await.unwrap().decision.unwrap().change_set.unwrap()
        }
    };
    assert_eq!(
        approve("Lamp", None).await,
        set_of("Lamp"),
        "the agent's own"
    );
    let other = approve("Mug", Some(2_500)).await;
    assert_ne!(other, set_of("Mug"));
    let status = |id| {
        let changes = shop.world.changes.clone();
        async move { changes.find(workspace, id).await.unwrap().unwrap().status }
    };
    assert_eq!(status(set_of("Mug")).await, ChangeSetStatus::Rejected);
    let ada = person();
    let bowl = shop.titled("Bowl").await.opportunity.id;
    let no = shop
        .opportunities
        .reject(workspace, bowl, (0, "not ours"), &ada);
    no.await.unwrap();
    assert_eq!(status(set_of("Bowl")).await, ChangeSetStatus::Rejected);
    assert_eq!(shop.opportunities.settle_all().await.unwrap(), 0);
    let mug = shop.titled("Mug").await.decision.unwrap();
    assert_eq!((mug.watch, mug.change_set), (Watch::Approved, Some(other)));
}

#[tokio::test]
async fn people_take_offers_apart_and_put_them_together_for_good() {
    let shop = Shop::new().await;
    let list = file(&[
        row("P-1", "Lamp", "5.00", "10"),
        row("P-2", "LAMP", "6.00", "10"),
        row("P-3", "Mug", "4.00", "10"),
    ]);
    shop.imported(&list, "part", false).await;
    let all = || shop.found(OpportunityFilter::default());
    assert_eq!(all().await.len(), 2);
    let lamp = shop.titled("Lamp").await.opportunity;
    assert_eq!(lamp.leads[1].same[0].by, SameBy::Title);
    let offers = shop.offers().await;
    let ids: Vec<_> = offers.iter().map(|o| o.id).collect();
    let say = |product: usize, other: usize, verdict| {
        let wish = MatchWish {
            product: ids[product],
            others: vec![ids[other]],
            verdict,
            reason: Some("seen".to_owned()),
        };
        let shop = &shop;
        async move {
            shop.opportunities
                .set_matches(&shop.store, wish, &person())
                .await
        }
    };
    say(0, 1, Verdict::Different).await.unwrap();
    let three = all().await;
    assert_eq!(three.len(), 3);
    assert!(three.iter().all(|w| w.opportunity.leads.len() == 1));
    // A later list changes nothing of it.
    shop.imported(&list, "part", false).await;
    assert_eq!(all().await.len(), 3);
    say(2, 1, Verdict::Same).await.unwrap();
    let two = all().await;
    assert_eq!(two.len(), 2);
    let joined = two.iter().find(|w| w.opportunity.leads.len() == 2).unwrap();
    assert_eq!(joined.opportunity.leads[0].same[0].by, SameBy::Person);
    assert_eq!(
        shop.opportunities.matches(&shop.store).await.unwrap().len(),
        2
    );
    say(2, 1, Verdict::Open).await.unwrap();
    say(0, 1, Verdict::Open).await.unwrap();
    assert_eq!(all().await.len(), 2);
    assert!(
        shop.opportunities
            .matches(&shop.store)
            .await
            .unwrap()
            .is_empty()
    );
    let itself = say(0, 0, Verdict::Same).await;
    assert!(matches!(itself, Err(OpportunityError::Invalid(f)) if f[0].field == "other_ids"));
}
