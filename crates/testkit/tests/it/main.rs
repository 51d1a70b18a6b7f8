//! The fakes obey every law, and the laws catch what breaks them.

mod fakes;
mod source;
