//! Measures the product from outside: over HTTP, with a shop that it reads by Shopify's own protocol, and beside what the same machine
//! does with the same rows without it; and its forecasts, beside plain means. Knows the product's addresses and the tables that it wrote;
//! none of its code, but for the queue of agents' runs, which is measured with runs that do nothing (`queue`).

pub mod ads;
pub mod bare;
pub mod database;
pub mod forecast;
mod load;
pub mod measure;
pub mod night;
mod people;
pub mod product;
pub mod queue;
pub mod reads;
pub mod replicas;
mod shop;
pub mod streams;
pub mod suppliers;
mod units;
mod yardstick;

pub use shop::{PRODUCTS, SECRET, Serving, Shop, serve};
