//! Laws of [`ports::dockets::Dockets`].

use super::tools::race;
use crate::Stores;
use crate::builders::at;
use domain::ids::WorkspaceId;
use ports::dockets::Docket;
use serde_json::json;
use uuid::Uuid;

const DESK: &str = "incidents";

fn docket(workspace: u128, name: &str, due: Option<&str>) -> Docket {
    Docket {
        workspace: WorkspaceId(Uuid::from_u128(workspace)),
        desk: DESK.to_owned(),
        name: name.to_owned(),
        version: 1,
        due_at: due.map(at),
        document: json!({ "number": 7, "name": name, "none": null }),
    }
}

pub async fn a_docket_is_replaced_by_who_saw_its_newest_version(stores: Stores) {
    let port = &stores.dockets;
    let first = docket(1, "sync/1", Some("2026-02-01T09:00:00Z"));
    assert!(port.put_docket(&first).await.expect("stored"));
    assert!(!port.put_docket(&first).await.expect("there is one"));
    let found = port.docket(first.workspace, DESK, "sync/1").await;
    assert_eq!(found.expect("answered"), Some(first.clone()));
    let second = Docket {
        version: 2,
        due_at: None,
        document: json!({ "number": 8 }),
        ..first.clone()
    };
    assert!(port.put_docket(&second).await.expect("stored"));
    assert!(!port.put_docket(&second).await.expect("somebody was first"));
    let late = Docket {
        version: 5,
        ..first.clone()
    };
    assert!(!port.put_docket(&late).await.expect("it follows nothing"));
    let unknown = Docket {
        name: "sync/2".to_owned(),
        ..second.clone()
    };
    assert!(!port.put_docket(&unknown).await.expect("it follows nothing"));
    let found = port.docket(first.workspace, DESK, "sync/1").await;
    assert_eq!(found.expect("answered"), Some(second.clone()));
    assert!(!port.remove_docket(&first).await.expect("it is another"));
    assert!(port.remove_docket(&second).await.expect("removed"));
    assert!(!port.remove_docket(&second).await.expect("it is gone"));
    let found = port.docket(first.workspace, DESK, "sync/1").await;
    assert_eq!(found.expect("answered"), None);
}

pub async fn what_is_due_is_told_over_all_workspaces_the_longest_due_first(stores: Stores) {
    let port = &stores.dockets;
    let other_desk = Docket {
        desk: "days".to_owned(),
        ..docket(1, "c", Some("2026-02-01T07:00:00Z"))
    };
    for docket in [
        docket(1, "a", Some("2026-02-01T09:00:00Z")),
        docket(2, "a", Some("2026-02-01T08:00:00Z")),
        docket(1, "b", Some("2026-02-01T09:00:00.000001Z")),
        docket(1, "d", None),
        other_desk,
    ] {
        assert!(port.put_docket(&docket).await.expect("stored"));
    }
    let names = |found: Vec<Docket>| -> Vec<(u128, String)> {
        let found = found.into_iter();
        found.map(|d| (d.workspace.0.as_u128(), d.name)).collect()
    };
    let due = |when, most| port.due_dockets(DESK, at(when), most);
    let now = due("2026-02-01T09:00:00Z", 9).await.expect("answered");
    assert_eq!(names(now), [(2, "a".to_owned()), (1, "a".to_owned())]);
    let all = due("2026-02-02T09:00:00Z", 9).await.expect("answered");
    assert_eq!(all.len(), 3);
    let one = due("2026-02-02T09:00:00Z", 1).await.expect("answered");
    assert_eq!(names(one), [(2, "a".to_owned())]);
    let here = WorkspaceId(Uuid::from_u128(1));
    let own = port.dockets(here, DESK).await.expect("answered");
    let own: Vec<String> = own.into_iter().map(|d| d.name).collect();
    assert_eq!(own, ["a", "b", "d"]);
}

pub async fn of_many_at_once_one_replaces(stores: Stores) {
    let first = docket(1, "sync/1", None);
    let put = stores.dockets.put_docket(&first).await;
    assert!(put.expect("stored"));
    let outcomes = race(|number| {
        let (port, first) = (stores.dockets.clone(), first.clone());
        async move {
            let next = Docket {
                version: 2,
                document: json!({ "by": number }),
                ..first
            };
            port.put_docket(&next).await
        }
    })
    .await;
    let won = outcomes.into_iter().map(|o| o.expect("answered"));
    assert_eq!(won.filter(|won| *won).count(), 1);
}

#[macro_export]
macro_rules! docket_laws {
    ($make:ident) => {
        $crate::laws!(
            dockets,
            $make,
            [
                a_docket_is_replaced_by_who_saw_its_newest_version,
                what_is_due_is_told_over_all_workspaces_the_longest_due_first,
                of_many_at_once_one_replaces,
            ]
        );
    };
}
