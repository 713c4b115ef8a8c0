//! WACZ 1.1.1: a zip with WARC files in its folder `archive`.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::io::{self, Read, Seek, SeekFrom};
use std::rc::Rc;

use super::records::Part;
use super::{Damage, Fault};

/// More archives than this in one WACZ are left out.
const MAX_PARTS: usize = 10_000;

/// Lists the archives in a WACZ, and what of it cannot be read.
pub(super) fn parts(source: impl Read + Seek + 'static) -> Result<(VecDeque<Part>, VecDeque<Fault>), Fault> {
    let none = |why: String| Fault { within: None, offset: 0, damage: Damage::Wacz(why) };
    let mut zip = zip::ZipArchive::new(source).map_err(|error| none(error.to_string()))?;
    let mut names: Vec<String> = zip
        .file_names()
        .filter_map(|name| Some(name.ok()?.into_owned()))
        .filter(|name| is_archive(name))
        .collect();
    if names.is_empty() {
        return Err(none("there is no WARC in its folder \"archive\"".to_owned()));
    }
    names.sort_unstable();
    names.truncate(MAX_PARTS);
    let mut faults = VecDeque::new();
    let mut sections = Vec::new();
    for name in names {
        match section(&mut zip, &name) {
            Ok(section) => sections.push((name, section)),
            Err(why) => {
                faults.push_back(Fault { within: Some(name), offset: 0, damage: Damage::Wacz(why) });
            }
        }
    }
    let source = Rc::new(RefCell::new(zip.into_inner()));
    let parts = sections.into_iter().map(|(name, Section { begins, length, is_deflated })| {
        let slice = Slice { source: source.clone(), at: begins, left: length };
        let source: Box<dyn Read> =
            if is_deflated { Box::new(flate2::read::DeflateDecoder::new(slice)) } else { Box::new(slice) };
        Part { name: Some(name), source }
    });
    Ok((parts.collect(), faults))
}

fn is_archive(name: &str) -> bool {
    let is_named =
        [".warc", ".warc.gz", ".warc.zst", ".arc", ".arc.gz"].iter().any(|end| name.ends_with(end));
    name.starts_with("archive/") && is_named
}

/// Where a file lies in a zip.
struct Section {
    begins: u64,
    length: u64,
    is_deflated: bool,
}

fn section<R: Read + Seek>(zip: &mut zip::ZipArchive<R>, name: &str) -> Result<Section, String> {
    let index = zip.index_for_name(name).ok_or("it is not in the zip")?;
    let file = zip.by_index_raw(index).map_err(|error| error.to_string())?;
    if file.encrypted() {
        return Err("it is encrypted".to_owned());
    }
    let is_deflated = match file.compression() {
        zip::CompressionMethod::Stored => false,
        zip::CompressionMethod::Deflated => true,
        other => return Err(format!("it is packed by {other}")),
    };
    let begins = file.data_start().ok_or("it has no place in the zip")?;
    Ok(Section { begins, length: file.compressed_size(), is_deflated })
}

/// A part of a source. All parts share it, and only one is read at a time.
struct Slice<R> {
    source: Rc<RefCell<R>>,
    at: u64,
    left: u64,
}

impl<R: Read + Seek> Read for Slice<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let mut source = self.source.borrow_mut();
        source.seek(SeekFrom::Start(self.at))?;
        let length = usize::try_from(self.left).unwrap_or(usize::MAX).min(into.len());
        let read = source.read(&mut into[..length])?;
        self.at += read as u64;
        self.left -= read as u64;
        Ok(read)
    }
}
