//! What the process keeps others from reading out of its memory: a core file would hold every credential in use.

use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};

/// No core file of this process is written from now on, whatever ends it, and no other process of its user attaches to it.
pub(crate) fn keep_private() {
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    // A kernel that pipes cores to a program looks at the second only.
    let limited = setrlimit(Resource::Core, none);
    let private = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    for error in [limited, private].into_iter().filter_map(Result::err) {
        tracing::warn!(%error, "core files could not be forbidden");
    }
}
