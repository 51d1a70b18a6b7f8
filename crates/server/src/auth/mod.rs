//! Who is calling, and what they may do: one gate in front of every route that is not open.

mod address;
pub(crate) mod cookie;
mod gate;
pub(crate) mod limits;
mod permission;

pub(crate) use address::Network;
pub(crate) use gate::{
    Caller, CallerOrigin, ClientAddress, gate, is_elsewhere, is_ended, is_foreign_page,
};
pub use permission::{Access, Permission};
