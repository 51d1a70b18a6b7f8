//! Exports by bulk operations: started, adopted or waited for; their files joined by `__parentId` in constant memory.

mod assemble;
mod deliver;
mod kind;
#[cfg(test)]
mod laws;
mod operation;
mod prepare;
mod ranges;
mod recent;
mod row;
mod run;
mod slot;
mod spool;
mod token;

pub(crate) use kind::BulkKind;
pub(crate) use operation::cancel;
pub(crate) use run::export;
pub(crate) use spool::sweep;
pub(crate) use token::Token;
