//! Who belongs to the workspace: people, service accounts, invitations, roles.

pub(crate) mod accept;
pub(crate) mod invitations;
pub(crate) mod invite;
pub(crate) mod link;
pub(crate) mod list;
pub(crate) mod reset;
pub(crate) mod roles;
pub(crate) mod service;
pub(crate) mod uninvite;
pub(crate) mod update;
pub(crate) mod view;
