//! The agents there are; a new one is a line here.

use super::spec::AgentSpec;
use super::{orders, pricing};

const ALL: [&AgentSpec; 2] = [&pricing::SPEC, &orders::SPEC];

/// In the order in which they are shown.
#[must_use]
pub const fn all() -> &'static [&'static AgentSpec] {
    &ALL
}

#[must_use]
pub fn spec(id: &str) -> Option<&'static AgentSpec> {
    all().iter().copied().find(|spec| spec.id == id)
}
