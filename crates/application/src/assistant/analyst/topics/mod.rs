//! Questions that have a page of their own, answered from what that page reads.

mod ads;
mod goods;
mod machine;
mod orders;
mod people;
mod suppliers;
