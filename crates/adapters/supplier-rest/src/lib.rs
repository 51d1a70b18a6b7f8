//! A supplier's interface as a contract of the merchant's own describes it, told in the words of `SupplierSource`.
//!
//! Nobody has verified such a contract. What it has no path or no pointer for is refused and never filled in; a pointer that finds nothing
//! where it has to is told by its name before anything is read over, and nothing is called gone by a path that has not answered before.
//! It only reads: orders are left to the platform's own app in the shop.

mod client;
mod item;
mod pages;
mod paths;
mod proof;
mod source;
mod trial;
mod values;

pub use client::{Places, SupplierRest};
