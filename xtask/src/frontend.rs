//! Builds the browser application, and only when its inputs changed since the last build.
//! Knows the folder's files, not what is in them.
use std::{
    collections::hash_map::DefaultHasher,
    fs,
    hash::Hasher,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use crate::{process::run, tools::npm, workspace::Workspace};

/// What a build makes, and what no build reads.
const NOT_INPUT: [&str; 7] = [
    "node_modules",
    "dist",
    "e2e",
    "lighthouse",
    "coverage",
    "shots",
    ".vite",
];

/// `npm ci` when the lock file changed since the last one.
pub(crate) fn install(workspace: &Workspace) -> Result<()> {
    install_in(workspace, &workspace.frontend(), "frontend-install")
}

/// The same for Lighthouse, which has a folder and a lock file of its own.
pub(crate) fn install_lighthouse(workspace: &Workspace) -> Result<()> {
    let folder = workspace.frontend().join("lighthouse");
    install_in(workspace, &folder, "lighthouse-install")
}

pub(crate) fn install_in(workspace: &Workspace, folder: &Path, name: &str) -> Result<()> {
    let inputs = ["package.json", "package-lock.json"].map(|file| folder.join(file));
    let stamp = Stamp::of(workspace, name, &inputs)?;
    if stamp.is_current() && folder.join("node_modules").is_dir() {
        return Ok(());
    }
    step(folder, &["ci"])?;
    stamp.write()
}

/// `npm run build` when anything that it reads changed since the last one. Installs first.
pub(crate) fn build(workspace: &Workspace) -> Result<()> {
    install(workspace)?;
    let frontend = workspace.frontend();
    let mut inputs = files(&frontend, &NOT_INPUT)?;
    inputs.push(workspace.root.join("docs/openapi.json"));
    let stamp = Stamp::of(workspace, "frontend-build", &inputs)?;
    if stamp.is_current() && frontend.join("dist/index.html").is_file() {
        return Ok(());
    }
    step(&frontend, &["run", "build"])?;
    stamp.write()
}

/// On the error output, as Cargo's progress is: the output belongs to the command that needs the build.
fn step(frontend: &Path, args: &[&str]) -> Result<()> {
    let name = format!("npm {}", args.join(" "));
    eprintln!("front end: {name}");
    run(npm(frontend, args).stdout(std::io::stderr()), &name)
}

/// All files below a folder in a stable order, without the folders named in `skip`.
pub(crate) fn files(dir: &Path, skip: &[&str]) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![dir.to_owned()];
    while let Some(dir) = open.pop() {
        let entries = fs::read_dir(&dir).with_context(|| format!("{}", dir.display()))?;
        for entry in entries {
            let entry = entry?;
            let name = entry.file_name();
            if skip.iter().any(|s| name == **s) {
                continue;
            }
            if entry.file_type()?.is_dir() {
                open.push(entry.path());
            } else {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    Ok(found)
}

/// A hash of some files' names and contents, kept in the target folder.
struct Stamp {
    file: PathBuf,
    hash: String,
}

impl Stamp {
    fn of(workspace: &Workspace, name: &str, inputs: &[PathBuf]) -> Result<Self> {
        let mut hasher = DefaultHasher::new();
        for path in inputs {
            hasher.write(path.as_os_str().as_encoded_bytes());
            // A file that is not there is an input too: when it appears, the hash changes.
            if let Ok(bytes) = fs::read(path) {
                hasher.write_usize(bytes.len());
                hasher.write(&bytes);
            }
        }
        let dir = workspace.target.join("xtask");
        fs::create_dir_all(&dir).with_context(|| format!("{}", dir.display()))?;
        Ok(Self {
            file: dir.join(format!("{name}.hash")),
            hash: format!("{:016x}", hasher.finish()),
        })
    }

    fn is_current(&self) -> bool {
        fs::read_to_string(&self.file).is_ok_and(|old| old == self.hash)
    }

    fn write(&self) -> Result<()> {
        fs::write(&self.file, &self.hash).with_context(|| format!("{}", self.file.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn workspace(root: &Path) -> Workspace {
        Workspace {
            root: root.to_owned(),
            target: root.join("target"),
            packages: Vec::new(),
        }
    }

    #[test]
    fn a_stamp_is_current_until_an_input_changes() {
        let dir = crate::temp::TempDir::new("stamp").unwrap();
        let input = dir.path().join("a.txt");
        fs::write(&input, "1").unwrap();
        let stamp =
            || Stamp::of(&workspace(dir.path()), "x", std::slice::from_ref(&input)).unwrap();
        assert!(!stamp().is_current());
        stamp().write().unwrap();
        assert!(stamp().is_current());
        fs::write(&input, "2").unwrap();
        assert!(!stamp().is_current());
    }

    #[test]
    fn skipped_folders_are_not_read() {
        let dir = crate::temp::TempDir::new("files").unwrap();
        for path in ["src/b.ts", "src/a.ts", "node_modules/x/index.js"] {
            let file = dir.path().join(path);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, "").unwrap();
        }
        let found = files(dir.path(), &NOT_INPUT).unwrap();
        assert_eq!(found, ["src/a.ts", "src/b.ts"].map(|p| dir.path().join(p)));
    }
}
