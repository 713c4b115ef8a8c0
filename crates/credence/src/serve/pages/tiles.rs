//! Streets under the map: a file of tiles that the desk was started with, handed out by ranges of its bytes.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::ops::RangeInclusive;
use std::path::Path;
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use crate::serve::fault::{Code, Fault};
use crate::serve::site::Site;

pub(super) const PATH: &str = "/tiles.pmtiles";

/// Bytes that are handed out at a time. Readers of PMTiles ask for directories of 16 kB and for single tiles.
const PART: u64 = 8 << 20;

/// Hands out a part of the file of tiles (RFC 9110, 14): the one that is asked for, and never the whole file at once.
pub(super) async fn part(State(site): State<Arc<Site>>, headers: HeaderMap) -> Result<Response, Fault> {
    let tiles = site.tiles.clone().ok_or_else(|| Fault::not_found("file of tiles", PATH))?;
    let asked = headers.get(header::RANGE).and_then(|range| range.to_str().ok()).map(str::to_owned);
    let read = tokio::task::spawn_blocking(move || read(&tiles, asked.as_deref()));
    read.await.map_err(|_| Fault::new(Code::Internal, "the file of tiles was not read"))?
}

fn read(tiles: &Path, asked: Option<&str>) -> Result<Response, Fault> {
    let unread = |_| Fault::new(Code::Internal, "the file of tiles cannot be read");
    let mut file = File::open(tiles).map_err(unread)?;
    let about = file.metadata().map_err(unread)?;
    let length = about.len();
    let whole = 0..=length.saturating_sub(1);
    let range = asked.map_or(Some(whole), |asked| range(asked, length));
    let range = range.ok_or_else(|| Fault::new(Code::BadRequest, "the file of tiles has no such part"))?;
    let (start, end) = (*range.start(), (*range.end()).min(range.start().saturating_add(PART - 1)));
    file.seek(SeekFrom::Start(start)).map_err(unread)?;
    let mut bytes = Vec::new();
    file.take(end + 1 - start).read_to_end(&mut bytes).map_err(unread)?;
    // The file may be exchanged for another while the desk is open.
    let changed = about.modified().map_err(unread)?.duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
    let headers = [
        (header::CONTENT_TYPE, "application/vnd.pmtiles".to_owned()),
        (header::ACCEPT_RANGES, "bytes".to_owned()),
        (header::CONTENT_RANGE, format!("bytes {start}-{end}/{length}")),
        (header::ETAG, format!("\"{length:x}-{changed:x}\"")),
    ];
    Ok((StatusCode::PARTIAL_CONTENT, headers, bytes).into_response())
}

/// Reads what part of so many bytes is asked for; of several parts, none.
fn range(asked: &str, length: u64) -> Option<RangeInclusive<u64>> {
    let (start, end) = asked.strip_prefix("bytes=")?.split_once('-')?;
    let last = length.checked_sub(1)?;
    let range = match (start.parse::<u64>().ok(), end.parse::<u64>().ok()) {
        (Some(start), Some(end)) => start..=end.min(last),
        (Some(start), None) if end.is_empty() => start..=last,
        (None, Some(count)) if start.is_empty() && count > 0 => length.saturating_sub(count)..=last,
        _ => return None,
    };
    (range.start() <= range.end()).then_some(range)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_lies_in_the_file() {
        assert_eq!(range("bytes=0-9", 100), Some(0..=9));
        assert_eq!(range("bytes=90-", 100), Some(90..=99));
        assert_eq!(range("bytes=-5", 100), Some(95..=99));
        assert_eq!(range("bytes=50-1000", 100), Some(50..=99));
        for refused in
            ["bytes=100-", "bytes=9-8", "bytes=-0", "bytes=-", "bytes=0-1,5-6", "items=0-1", "bytes=a-b", ""]
        {
            assert_eq!(range(refused, 100), None, "{refused}");
        }
        assert_eq!(range("bytes=0-", 0), None);
    }
}
