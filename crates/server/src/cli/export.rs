//! `royal export`

use super::{Exit, open, print, print_json};
use crate::compose::{ExportError, ExportOrder, belongings, export, uploads};
use crate::config::Settings;
use domain::ids::WorkspaceId;
use domain::people::Workspace;
use indicatif::{HumanBytes, HumanCount, ProgressBar};
use ports::clock::{Clock as _, SystemClock};
use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// New file to write, e.g. workspace.zip; - writes to stdout
    file: PathBuf,
    /// Which workspace (its id); may be left out where there is one only
    #[arg(long)]
    workspace: Option<WorkspaceId>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(settings: Settings, args: Args) -> Result<(), Exit> {
    let to_stdout = args.file.as_os_str() == "-";
    if to_stdout && args.json {
        return Err(Exit::usage("--json needs a file to write to"));
    }
    if !to_stdout && args.file.exists() {
        let file = args.file.display();
        return Err(Exit::data(format!("{file} is there already")));
    }
    let composed = open(&settings).await?;
    let found = of(&composed, args.workspace).await;
    let recorded = match &found {
        // Whoever takes everything with them is told of.
        Ok(workspace) => {
            let id = workspace.id.to_string();
            let target = ("workspace", id.as_str(), workspace.name.as_str());
            super::record(&composed, workspace.id, "workspace.export", target).await
        }
        Err(_) => Ok(()),
    };
    composed.database.close().await;
    recorded?;
    let order = ExportOrder {
        workspace: found?.id,
        version: crate::VERSION.to_owned(),
        now: SystemClock.now(),
    };
    if to_stdout {
        write(&settings, &order, std::io::stdout()).await?;
        return Ok(());
    }
    let mut part = args.file.clone().into_os_string();
    part.push(".part");
    let part = PathBuf::from(part);
    let written = write_file(&settings, &order, &part, &args.file).await;
    if written.is_err() {
        // What is half is no export.
        std::fs::remove_file(&part).ok();
    }
    let manifest = written?;
    let bytes = std::fs::metadata(&args.file).map_or(0, |m| m.len());
    let rows: u64 = manifest.files.iter().filter_map(|f| f.rows).sum();
    if args.json {
        return print_json(&serde_json::json!({
            "file": args.file, "bytes": bytes, "rows": rows, "manifest": manifest,
        }));
    }
    print(&format!(
        "{}: {}, {} rows of {} tables and uploads. Credentials are not in it; people's data is: keep it safe.\n",
        args.file.display(),
        HumanBytes(bytes),
        HumanCount(rows),
        manifest.files.len(),
    ))
}

/// The only one, or the one that is named.
pub(super) async fn of(
    composed: &crate::compose::Composed,
    wanted: Option<WorkspaceId>,
) -> Result<Workspace, Exit> {
    let all = composed.audit.workspaces().await?;
    let count = all.len();
    let mut fitting = all
        .into_iter()
        .filter(|w| wanted.is_none_or(|id| w.id == id));
    match fitting.next() {
        None if wanted.is_some() => Err(Exit::data("there is no such workspace")),
        None => Err(Exit::data("there is no workspace yet")),
        Some(_) if wanted.is_none() && count > 1 => Err(Exit::usage(
            "there are several workspaces: name one with --workspace (`royal workspace list`)",
        )),
        Some(found) => Ok(found),
    }
}

async fn write_file(
    settings: &Settings,
    order: &ExportOrder,
    part: &Path,
    whole: &Path,
) -> Result<crate::compose::ExportManifest, Exit> {
    let cannot = |path: &Path, e: &std::io::Error| {
        Exit::data(format!("{} cannot be written: {e}", path.display()))
    };
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(part);
    let file: File = file.map_err(|e| cannot(part, &e))?;
    let (manifest, out) = write(settings, order, file).await?;
    out.sync_all().map_err(|e| cannot(part, &e))?;
    std::fs::rename(part, whole).map_err(|e| cannot(whole, &e))?;
    Ok(manifest)
}

async fn write<W: Write + Send>(
    settings: &Settings,
    order: &ExportOrder,
    out: W,
) -> Result<(crate::compose::ExportManifest, W), Exit> {
    let database = belongings(settings).await?;
    let uploads = uploads(settings);
    // On stderr, and only where somebody looks.
    let bar = ProgressBar::new_spinner();
    let mut progress = |what: &str, rows: u64| {
        bar.set_message(format!("{what}: {} rows", HumanCount(rows)));
        bar.tick();
    };
    let out = BufWriter::with_capacity(1 << 18, out);
    let written = export(
        database.as_ref(),
        uploads.as_ref(),
        order,
        out,
        &mut progress,
    )
    .await;
    bar.finish_and_clear();
    database.close().await;
    let (manifest, out) = written?;
    let out = out
        .into_inner()
        .map_err(|e| Exit::data(format!("the export cannot be written: {}", e.error())))?;
    Ok((manifest, out))
}

impl From<ExportError> for Exit {
    fn from(error: ExportError) -> Self {
        match error {
            ExportError::Port(error) => error.into(),
            ExportError::Write(_) => Self::data(error.to_string()),
        }
    }
}
