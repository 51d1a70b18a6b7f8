//! Settings of what buyers write.

use super::{Group, Key, key};

pub(super) const SUPPORT: &[Key] = &[key(
    Group::Mail,
    "SUPPORT_WEBHOOK_SECRET",
    "",
    "With what a mail service or a form signs buyers' messages that it hands over; a secret, so it may stand wherever secrets are looked up. Without it none is taken.",
)];
