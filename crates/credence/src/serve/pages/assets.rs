//! What the pages look like and what moves on them, inside the program.

use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use sha2::{Digest as _, Sha256};
use std::sync::LazyLock;

use crate::serve::fault::Fault;

/// A file of the pages, named after its bytes: what a browser holds under this name never changes.
pub(super) struct Asset {
    pub(super) path: String,
    name: String,
    kind: &'static str,
    bytes: &'static [u8],
}

impl Asset {
    fn new((stem, ending): (&str, &str), kind: &'static str, bytes: &'static [u8]) -> Asset {
        let digest: String = Sha256::digest(bytes)[..6].iter().map(|byte| format!("{byte:02x}")).collect();
        let name = format!("{stem}-{digest}.{ending}");
        Asset { path: format!("/assets/{name}"), name, kind, bytes }
    }
}

pub(super) static STYLE: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new(("desk", "css"), "text/css; charset=utf-8", include_bytes!("../../../assets/desk.css"))
});

pub(super) static SCRIPT: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new(("desk", "js"), "text/javascript; charset=utf-8", include_bytes!("../../../assets/desk.js"))
});

pub(super) static ICON: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new(("desk", "svg"), "image/svg+xml", include_bytes!("../../../assets/desk.svg"))
});

/// Hands out a file of the pages.
pub(super) async fn asset(Path(name): Path<String>) -> Result<Response, Fault> {
    let all = [&*STYLE, &*SCRIPT, &*ICON];
    let found = all.into_iter().find(|asset| asset.name == name);
    let found = found.ok_or_else(|| Fault::not_found("file", &name))?;
    let headers =
        [(header::CONTENT_TYPE, found.kind), (header::CACHE_CONTROL, "public, max-age=31536000, immutable")];
    Ok((headers, found.bytes).into_response())
}
