use crate::world::{World, order, product};
use application::doctor::Doctor;
use domain::rollup::Rollups;

#[tokio::test(start_paused = true)]
async fn the_doctor_finds_what_was_changed_by_hand_and_mends_it() {
    let world = World::new().await;
    world.shop.put(product("4.00"));
    for id in 1..=20 {
        world.shop.put(order(id, id));
    }
    world.synced().await;
    let doctor = Doctor::new(world.ports.clone());
    let store = doctor.stores().await.unwrap().remove(0);
    let sound = doctor.check(&store, false, |_| {}).await.unwrap();
    assert!(sound.is_sound(), "{sound:?}");
    assert_eq!((sound.orders, sound.differs_from_provider), (20, 0));

    let mut spoiled: Rollups = world.ports.reports.all(store.scope).await.unwrap();
    let before = spoiled.clone();
    spoiled.values_mut().next().unwrap().gross_sales += 1;
    world
        .ports
        .reports
        .replace_all(store.scope, &spoiled)
        .await
        .unwrap();
    let found = doctor.check(&store, true, |_| {}).await.unwrap();
    assert_eq!(
        (found.wrong_rollups, found.wrong_ledgers, found.repaired),
        (1, 0, true)
    );
    assert_eq!(world.ports.reports.all(store.scope).await.unwrap(), before);
    assert!(
        doctor
            .check(&store, false, |_| {})
            .await
            .unwrap()
            .is_sound()
    );
}
