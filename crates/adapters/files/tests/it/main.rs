//! Files that are whole or not there.

use adapter_files::ImportFolder;
use bytes::Bytes;
use domain::ids::ImportId;
use ports::Kind;
use ports::import_files::ImportFiles as _;
use uuid::Uuid;

fn id(n: u128) -> ImportId {
    ImportId(Uuid::from_u128(n))
}

#[tokio::test]
async fn a_file_is_there_when_it_is_whole_and_never_before() {
    let home = tempfile::tempdir().unwrap();
    let files = ImportFolder::new(home.path().join("imports"));
    let mut draft = files.create(id(1)).await.unwrap();
    draft
        .write(Bytes::from_static(b"SKU,Cost\n"))
        .await
        .unwrap();
    draft.write(Bytes::from_static(b"A,1\n")).await.unwrap();
    assert_eq!(
        files.open(id(1)).err().map(|e| e.kind),
        Some(Kind::NotFound)
    );
    draft.finish().await.unwrap();
    let mut text = String::new();
    files
        .open(id(1))
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    assert_eq!(text, "SKU,Cost\nA,1\n");
    let ids: Vec<_> = files
        .list()
        .await
        .unwrap()
        .into_iter()
        .map(|(id, _)| id)
        .collect();
    assert_eq!(ids, [id(1)]);
    files.remove(id(1)).await.unwrap();
    files.remove(id(1)).await.unwrap();
    assert_eq!(files.list().await.unwrap(), []);
}

#[tokio::test]
async fn a_draft_that_is_given_up_leaves_nothing() {
    let home = tempfile::tempdir().unwrap();
    let files = ImportFolder::new(home.path().join("imports"));
    let mut draft = files.create(id(2)).await.unwrap();
    draft.write(Bytes::from_static(b"half")).await.unwrap();
    drop(draft);
    assert_eq!(files.list().await.unwrap(), []);
}
