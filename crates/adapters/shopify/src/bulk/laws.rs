//! Laws of the join: whatever the order of the lines and the size of the parts, the same groups come out.

use super::kind::BulkKind;
use super::spool::{Spool, SpoolError};
use adapter_kit::Bytes;
use proptest::prelude::*;

/// A root and what is below it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Group {
    root: String,
    below: Vec<String>,
}

fn gid(kind: &str, id: usize) -> String {
    format!("gid://shopify/{kind}/{id}")
}

fn row(typename: &str, id: &str, parent: Option<&str>) -> String {
    let parent = parent.map_or_else(String::new, |p| format!(r#","__parentId":"{p}""#));
    format!(r#"{{"__typename":"{typename}","id":"{id}"{parent}}}"#)
}

/// Orders with so many lines, and agreements with so many sales each; every row with the order that it belongs to.
fn rows(orders: &[(usize, Vec<usize>)]) -> Vec<(usize, String)> {
    let mut rows = Vec::new();
    let mut number = 0;
    let mut next = || {
        number += 1;
        number
    };
    for (order, (lines, agreements)) in orders.iter().enumerate() {
        let own = gid("Order", order);
        rows.push((order, row("Order", &own, None)));
        for _ in 0..*lines {
            rows.push((order, row("LineItem", &gid("LineItem", next()), Some(&own))));
        }
        for sales in agreements {
            let agreement = gid("SalesAgreement", next());
            rows.push((order, row("OrderAgreement", &agreement, Some(&own))));
            for _ in 0..*sales {
                rows.push((
                    order,
                    row("ProductSale", &gid("Sale", next()), Some(&agreement)),
                ));
            }
        }
    }
    rows
}

fn join(lines: &[String], part_bytes: u64, lenient: bool) -> Result<Vec<Group>, SpoolError> {
    let folder = tempfile::tempdir()?;
    let size = lines.iter().map(|l| l.len() as u64 + 1).sum();
    let mut spool = Spool::create(
        folder.path(),
        "law",
        BulkKind::Orders,
        Some(size),
        part_bytes,
    )?;
    spool.lenient = lenient;
    let lines: Vec<Bytes> = lines.iter().map(|l| Bytes::from(l.clone())).collect();
    for some in lines.chunks(7) {
        spool.add(some)?;
    }
    let mut groups = Vec::new();
    for part in spool.seal()? {
        let part = spool.load(&part)?;
        groups.extend(part.groups()?.into_iter().map(|g| Group {
            root: g.root.to_owned(),
            below: g.below.into_iter().map(str::to_owned).collect(),
        }));
    }
    drop(spool);
    assert_eq!(
        std::fs::read_dir(folder.path())?.count(),
        0,
        "nothing is left"
    );
    Ok(groups)
}

fn sorted(mut groups: Vec<Group>) -> Vec<Group> {
    for group in &mut groups {
        group.below.sort();
    }
    groups.sort_by(|a, b| a.root.cmp(&b.root));
    groups
}

fn shop() -> impl Strategy<Value = Vec<(usize, Vec<usize>)>> {
    prop::collection::vec((0_usize..5, prop::collection::vec(0_usize..6, 0..4)), 0..40)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn every_row_comes_out_under_its_root(orders in shop(), part_bytes in prop::sample::select(vec![700_u64, 5_000, 1 << 20]), seed in any::<u64>()) {
        let rows = rows(&orders);
        let mut lines: Vec<String> = rows.iter().map(|(_, l)| l.clone()).collect();
        let mut state = seed | 1;
        for i in (1..lines.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            lines.swap(i, usize::try_from(state >> 33).unwrap_or(0) % (i + 1));
        }
        let mut expected: Vec<Group> = orders.iter().map(|_| Group::default()).collect();
        for (order, line) in &rows {
            if line.contains("__parentId") {
                expected[*order].below.push(line.clone());
            } else {
                expected[*order].root.clone_from(line);
            }
        }
        let joined = join(&lines, part_bytes, false).unwrap();
        prop_assert_eq!(sorted(joined), sorted(expected));
    }

    #[test]
    fn a_row_without_its_parent_is_refused_or_left_out(orders in shop(), victim in any::<prop::sample::Index>()) {
        let rows = rows(&orders);
        let parents: Vec<usize> = rows.iter().enumerate()
            .filter(|(n, (_, l))| {
                let id = l.split(r#""id":""#).nth(1).and_then(|r| r.split('"').next()).unwrap_or_default();
                rows.iter().skip(n + 1).any(|(_, other)| other.contains(&format!(r#""__parentId":"{id}""#)))
            })
            .map(|(n, _)| n)
            .collect();
        prop_assume!(!parents.is_empty());
        let gone = parents[victim.index(parents.len())];
        let lines: Vec<String> = rows.iter().enumerate().filter(|(n, _)| *n != gone).map(|(_, (_, l))| l.clone()).collect();
        prop_assert!(matches!(join(&lines, 2_000, false), Err(SpoolError::Corrupt(_))));
        prop_assert!(join(&lines, 2_000, true).is_ok());
    }
}
