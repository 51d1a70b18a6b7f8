//! Marks of a file that others write to.

use ports::accounts::Accounts as _;
use ports::marks::ChangeMarks as _;

#[tokio::test]
async fn a_mark_stays_while_nobody_writes_and_another_process_changes_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("royal.db");
    let (ours, theirs) = (super::open(&file).await, super::open(&file).await);
    let mark = ours.mark().await.unwrap();
    ours.setting("motto").await.unwrap();
    assert_eq!(ours.mark().await.unwrap(), mark);
    theirs.set_setting("motto", Some("be exact")).await.unwrap();
    assert_ne!(ours.mark().await.unwrap(), mark);
}
