//! What the pages look like and what moves on them, inside the program.

use axum::body::Bytes;
use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use sha2::{Digest as _, Sha256};
use std::sync::LazyLock;

use crate::picture;
use crate::serve::fault::Fault;

/// A file of the pages, named after its bytes: what a browser holds under this name never changes.
pub(super) struct Asset {
    pub(super) path: String,
    name: String,
    kind: &'static str,
    bytes: Bytes,
}

impl Asset {
    fn new((stem, ending): (&str, &str), kind: &'static str, bytes: impl Into<Bytes>) -> Asset {
        let bytes = bytes.into();
        let digest: String = Sha256::digest(&bytes)[..6].iter().map(|byte| format!("{byte:02x}")).collect();
        let name = format!("{stem}-{digest}.{ending}");
        Asset { path: format!("/assets/{name}"), name, kind, bytes }
    }
}

/// What a browser is told that scripts and looks are.
const JAVASCRIPT: &str = "text/javascript; charset=utf-8";
/// See [`JAVASCRIPT`].
const CSS: &str = "text/css; charset=utf-8";

pub(super) static STYLE: LazyLock<Asset> = LazyLock::new(|| {
    let looks = [include_str!("../../../assets/desk.css"), &picture::looks_within(".drawn .scroll")].concat();
    Asset::new(("desk", "css"), CSS, looks)
});

pub(super) static SCRIPT: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new(("desk", "js"), JAVASCRIPT, include_bytes!("../../../assets/desk.js").as_slice())
});

pub(super) static ICON: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new(("desk", "svg"), "image/svg+xml", include_bytes!("../../../assets/desk.svg").as_slice())
});

/// The outlines of land and the lines between countries, as the island of the map draws them.
pub(super) static OUTLINES: LazyLock<Asset> =
    LazyLock::new(|| Asset::new(("outlines", "json"), "application/geo+json", picture::outlines()));

/// The names of countries and towns, as the island of the map writes them.
pub(super) static NAMES: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new(("names", "tsv"), "text/tab-separated-values; charset=utf-8", picture::NAMES_TEXT)
});

/// What `build.rs` made of `islands/`: names and bytes. Nothing, where the program was built without Node.
static BUNDLED: &[(&str, &[u8])] = &include!(concat!(env!("OUT_DIR"), "/islands.rs"));

/// The islands: scripts for what a person pans, zooms or brushes.
static ISLANDS: LazyLock<Vec<Asset>> = LazyLock::new(|| {
    let scripts = BUNDLED.iter().filter_map(|&(name, bytes)| Some((name.strip_suffix(".js")?, bytes)));
    scripts.map(|(stem, bytes)| Asset::new((stem, "js"), JAVASCRIPT, bytes)).collect()
});

/// Returns where the script of an island is, if the program was built with it.
pub(super) fn island(stem: &str) -> Option<&'static str> {
    let is_it = |asset: &&Asset| asset.name.rsplit_once('-').is_some_and(|(name, _)| name == stem);
    ISLANDS.iter().find(is_it).map(|asset| asset.path.as_str())
}

/// The licences of what others made in the islands, if there are any in the program.
pub(super) fn notices() -> Option<&'static str> {
    let notices = BUNDLED.iter().find(|(name, _)| *name == "notices.txt");
    notices.and_then(|(_, bytes)| std::str::from_utf8(bytes).ok())
}

/// Hands out a file of the pages.
pub(super) async fn asset(Path(name): Path<String>) -> Result<Response, Fault> {
    let all = [&*STYLE, &*SCRIPT, &*ICON, &*OUTLINES, &*NAMES].into_iter().chain(ISLANDS.iter());
    let found = { all }.find(|asset| asset.name == name);
    let found = found.ok_or_else(|| Fault::not_found("file", &name))?;
    let headers =
        [(header::CONTENT_TYPE, found.kind), (header::CACHE_CONTROL, "public, max-age=31536000, immutable")];
    Ok((headers, found.bytes.clone()).into_response())
}
