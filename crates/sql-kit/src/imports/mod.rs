//! Imports: the job with its lease, what is wrong in the file, how columns were understood, and what was replaced.

mod jobs;
mod journal;
mod notes;
