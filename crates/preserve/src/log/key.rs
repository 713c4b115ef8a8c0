use std::path::Path;

use crate::durable::{make_folder, write_durably, write_secret};
use crate::log::note::SigningLog;
use crate::log::tree::read_at_most;
use crate::log::{Keys, LogError, VerifierKey};
use crate::{Error, step};

/// Whether a log has been begun, so that no second key may be made for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Begun {
    Yes,
    No,
}

/// Reads the key of the log, or makes it when the log is begun. `origin` is the name of a new log.
pub(crate) fn open(record: &Path, begun: Begun, origin: Option<&str>) -> Result<SigningLog, LogError> {
    let path = record.join("keys/log");
    let key = match read_at_most(&path, 4096)? {
        Some(secret) => read(&secret).ok_or_else(|| LogError::OtherKey(path.clone()))?,
        None if begun == Begun::Yes => return Err(LogError::KeyGone(path)),
        None => make(&path, origin)?,
    };
    publish(record, &key)?;
    Ok(key)
}

fn read(secret: &[u8]) -> Option<SigningLog> {
    SigningLog::parse(std::str::from_utf8(secret).ok()?.trim_end())
}

fn make(path: &Path, origin: Option<&str>) -> Result<SigningLog, LogError> {
    let mut random = [0; 40];
    getrandom::fill(&mut random).map_err(|error| Error::io(path)(std::io::Error::other(error)))?;
    let (seed, name) = random.split_first_chunk::<32>().expect("40 bytes are more than 32");
    let name: String = name.iter().map(|byte| format!("{byte:02x}")).collect();
    let origin = origin.map_or_else(|| format!("credence-log/{name}"), str::to_owned);
    let (key, secret) = SigningLog::new(&origin, seed).ok_or(LogError::BadOrigin(origin))?;
    make_folder(path.parent().expect("the path of a key names a folder"))?;
    write_secret(path, format!("{secret}\n").as_bytes())?;
    // If we stop here, there is a key and nothing signed with it. Opening takes it up.
    step::done("key-made");
    Ok(key)
}

/// Writes the verifier key beside the log, so that nobody needs the private one to check.
fn publish(record: &Path, key: &SigningLog) -> Result<(), LogError> {
    let path = record.join("log/key");
    let text = format!("{}\n", key.public.text());
    match read_at_most(&path, text.len())? {
        None => Ok(write_durably(&path, text.as_bytes())?),
        Some(found) if found == text.as_bytes() => Ok(()),
        Some(_) => Err(LogError::OtherKey(record.join("keys/log"))),
    }
}

/// Reads the keys that a log is checked with: `key` and `witnesses`. `None` if they are no keys.
pub(crate) fn public(log: &Path) -> Result<Option<Keys>, Error> {
    let lines = |name: &str| -> Result<Option<Vec<VerifierKey>>, Error> {
        let bytes = read_at_most(&log.join(name), 1 << 20)?.unwrap_or_default();
        Ok(String::from_utf8(bytes).ok().and_then(|text| keys(&text)))
    };
    let (Some(own), Some(witnesses)) = (lines("key")?, lines("witnesses")?) else { return Ok(None) };
    let mut own = own.into_iter();
    let log = own.next().filter(|key| !key.is_of_a_witness() && own.next().is_none());
    let sound = witnesses.iter().all(VerifierKey::is_of_a_witness);
    Ok(log.filter(|_| sound).map(|log| Keys { log, witnesses }))
}

/// Reads keys, one a line.
fn keys(text: &str) -> Option<Vec<VerifierKey>> {
    text.split_inclusive('\n').map(|line| VerifierKey::parse(line.strip_suffix('\n')?).ok()).collect()
}
