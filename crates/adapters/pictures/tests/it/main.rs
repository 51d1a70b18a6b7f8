//! Pictures of suppliers over real HTTP: hosts that lie, stall, lead inside, and answer with what is none.

mod fetching;
mod host;
