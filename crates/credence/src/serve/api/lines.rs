//! Lists as a whole, one JSON object a line.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse as _, Response};
use futures_util::stream;
use store::Store;
use tokio::sync::mpsc;

use crate::serve::fault::{Code, Fault};
use crate::serve::site::Site;

/// The type of JSON Lines.
const LINES: &str = "application/x-ndjson";

/// Bytes that are sent together.
const CHUNK: usize = 64 << 10;

/// Tells whether a whole list is asked for.
pub(super) fn are_asked(headers: &HeaderMap) -> bool {
    headers.get(header::ACCEPT).is_some_and(|types| types.to_str().is_ok_and(|types| types.contains(LINES)))
}

/// What takes a line.
type Each<'e> = &'e mut dyn FnMut(&str) -> Result<(), Fault>;

/// Answers with a whole list, however long: it is read as it is sent. If it breaks off, the last line is a fault.
pub(super) fn answer(
    site: Arc<Site>,
    list: impl FnOnce(&Store, Each<'_>) -> Result<(), Fault> + Send + 'static,
) -> Response {
    let place = match site.list() {
        Ok(place) => place,
        Err(fault) => return fault.into_response(),
    };
    let (to, from) = mpsc::channel::<Bytes>(4);
    tokio::task::spawn_blocking(move || {
        let _place = place;
        let mut waiting = Vec::new();
        let mut each = |line: &str| {
            waiting.extend_from_slice(line.as_bytes());
            waiting.push(b'\n');
            if waiting.len() < CHUNK {
                return Ok(());
            }
            let chunk = Bytes::from(std::mem::take(&mut waiting));
            to.blocking_send(chunk).map_err(|_| Fault::new(Code::BadRequest, "nobody reads this any more"))
        };
        let listed = site.open_list().map_err(Fault::from).and_then(|store| list(&store, &mut each));
        if let Err(fault) = listed {
            waiting.extend(crate::wire::json(&fault).into_bytes());
            waiting.push(b'\n');
        }
        // Nobody may read it any more.
        let _ = to.blocking_send(Bytes::from(waiting));
    });
    let chunks = stream::unfold(from, async |mut from| {
        let chunk = from.recv().await?;
        Some((Ok::<_, std::convert::Infallible>(chunk), from))
    });
    ([(header::CONTENT_TYPE, LINES)], Body::from_stream(chunks)).into_response()
}
