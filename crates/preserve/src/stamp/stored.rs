use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use jiff::Timestamp;
use model::Digest;

use super::{Authority, Refused, Request, Roots, Stamp, check};
use crate::durable::sync_folder;
use crate::write_durably;

/// What a stamp is called: `4096-northern` is of the checkpoint of size 4096, by the authority `northern`;
/// `4096-northern.eastern` is over the answer of that stamp, by `eastern`, and so on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StampName {
    size: u64,
    /// Whose stamp, over whose, with the newest last; at least one.
    authorities: Vec<String>,
}

/// Not the name of a stamp or of an authority.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} names no stamp: expected SIZE-AUTHORITY, with 1 to 32 of a-z, 0-9 and - for an authority")]
pub struct NotAName(pub String);

impl StampName {
    /// Names the stamp that an authority makes over the checkpoint of a size.
    pub fn of_checkpoint(size: u64, authority: &str) -> Result<StampName, NotAName> {
        format!("{size}-{authority}").parse()
    }

    /// Names the stamp that an authority makes over this one.
    pub fn stamped_by(&self, authority: &str) -> Result<StampName, NotAName> {
        format!("{self}.{authority}").parse()
    }

    /// The size of the checkpoint at its root.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The stamp that this one is over, if it is not over the checkpoint itself.
    pub fn over(&self) -> Option<StampName> {
        let (_, before) = self.authorities.split_last()?;
        (!before.is_empty()).then(|| StampName { size: self.size, authorities: before.to_vec() })
    }
}

impl fmt::Display for StampName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.size, self.authorities.join("."))
    }
}

impl FromStr for StampName {
    type Err = NotAName;

    fn from_str(text: &str) -> Result<StampName, NotAName> {
        let not = || NotAName(text.to_owned());
        let (size, authorities) = text.split_once('-').ok_or_else(not)?;
        let authorities: Vec<String> = authorities.split('.').map(str::to_owned).collect();
        let name = StampName { size: size.parse().map_err(|_| not())?, authorities };
        let named = name.authorities.iter().all(|authority| is_authority(authority));
        // A second way to write the size would be a second name for the same stamp.
        (named && name.to_string() == text).then_some(name).ok_or_else(not)
    }
}

fn is_authority(name: &str) -> bool {
    (1..=32).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

/// Why a stamp was not made, or does not hold.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The system refused.
    #[error(transparent)]
    Storage(#[from] crate::Error),
    /// The authority could not be reached.
    #[error("{authority}: {source}")]
    Unreached {
        /// Its name.
        authority: String,
        /// What was said.
        source: io::Error,
    },
    /// What it answered, or what is stored, is no sound stamp.
    #[error("{name}: {refused}")]
    Refused {
        /// The stamp.
        name: StampName,
        /// What is wrong with it.
        refused: Refused,
    },
    /// That stamp is there. A new one is made over it, or over a newer checkpoint.
    #[error("{0}: this stamp is there already; stamp a newer checkpoint, or stamp it over")]
    Exists(StampName),
    /// The name cannot be used.
    #[error(transparent)]
    Name(#[from] NotAName),
}

/// The time stamps of a log, in `log/stamps/`: a request `.tsq`, an answer `.tsr` and certificates `.pem` for each.
#[derive(Debug, Clone)]
pub struct Stamps {
    log: PathBuf,
}

impl Stamps {
    /// The stamps of the log in the folder `log`, which holds `checkpoints/` and `stamps/`.
    pub fn new(log: &Path) -> Stamps {
        Stamps { log: log.to_owned() }
    }

    /// Has the checkpoint of a size stamped, and keeps the stamp if it is sound.
    ///
    /// What is stamped is the text that the log signs: it holds the hash of the tree, and never changes.
    pub fn stamp(&self, size: u64, authority: &mut dyn Authority, roots: &Roots) -> Result<Stamp, Error> {
        self.make(&StampName::of_checkpoint(size, authority.name())?, authority, roots)
    }

    /// Has an older stamp stamped over, so that it still proves something when its certificate has ended.
    ///
    /// The new stamp is over the answer file; the certificate of the old signer is in it.
    pub fn stamp_over(
        &self,
        older: &StampName,
        authority: &mut dyn Authority,
        roots: &Roots,
    ) -> Result<Stamp, Error> {
        self.make(&older.stamped_by(authority.name())?, authority, roots)
    }

    /// Checks a stored stamp against what it is over. One over another stamp says nothing of whether that one holds.
    pub fn check(&self, name: &StampName, roots: &Roots) -> Result<Stamp, Error> {
        self.judge(name, roots)?.map_err(|refused| Error::Refused { name: name.clone(), refused })
    }

    /// Like [`check`](Stamps::check), with what the system refuses apart from what does not hold.
    pub(crate) fn judge(
        &self,
        name: &StampName,
        roots: &Roots,
    ) -> Result<Result<Stamp, Refused>, crate::Error> {
        let query = read(&self.path(name, "tsq"))?;
        let answer = read(&self.path(name, "tsr"))?;
        let stamped = self.digest_of_stamped(name)?;
        Ok(stamped.and_then(|stamped| {
            let request = Request::from_der(&query)?;
            if request.digest() != stamped {
                return Err(Refused::OtherDigest);
            }
            check(&request, &answer, roots)
        }))
    }

    /// Lists the stamps by size and name. What has another name than a stamp is passed over.
    pub fn names(&self) -> Result<Vec<StampName>, crate::Error> {
        let folder = self.folder();
        let entries = match fs::read_dir(&folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(crate::Error::io(&folder))?,
        };
        let mut names = Vec::new();
        for entry in entries {
            let file = entry.map_err(crate::Error::io(&folder))?.file_name();
            names.extend(file.to_str().and_then(|file| file.strip_suffix(".tsr")?.parse::<StampName>().ok()));
        }
        names.sort_unstable();
        Ok(names)
    }

    /// Lists the sound stamps whose certificate ends before a time and that no other sound stamp is over.
    pub fn due(&self, before: Timestamp) -> Result<Vec<StampName>, Error> {
        let none = Roots::default();
        let sound = self.names()?.into_iter().filter_map(|name| Some((self.check(&name, &none).ok()?, name)));
        let sound: Vec<(Stamp, StampName)> = sound.collect();
        let stamped_over: Vec<_> = sound.iter().filter_map(|(_, name)| name.over()).collect();
        let due = sound
            .into_iter()
            .filter(|(stamp, name)| stamp.certificate_ends < before && !stamped_over.contains(name));
        Ok(due.map(|(_, name)| name).collect())
    }

    fn make(&self, name: &StampName, authority: &mut dyn Authority, roots: &Roots) -> Result<Stamp, Error> {
        let answer_path = self.path(name, "tsr");
        if answer_path.try_exists().map_err(crate::Error::io(&answer_path))? {
            return Err(Error::Exists(name.clone()));
        }
        let random = |source| crate::Error::Io { path: "random numbers".into(), source };
        let refused = |refused| Error::Refused { name: name.clone(), refused };
        let stamped = self.digest_of_stamped(name)?.map_err(refused)?;
        let request = Request::new(stamped).map_err(random)?;
        let der = request.to_der();
        let answer = authority.answer(&der);
        let unreached = |source| Error::Unreached { authority: authority.name().to_owned(), source };
        let answer = answer.map_err(unreached)?;
        let stamp = check(&request, &answer, roots).map_err(refused)?;
        self.make_folder()?;
        write_durably(&self.path(name, "tsq"), &der)?;
        // If we stop here, a request lies there without an answer. It is no stamp, and is written over the next time.
        write_durably(&self.path(name, "pem"), stamp.chain.as_bytes())?;
        // If we stop here, the same is true: only an answer makes a stamp.
        write_durably(&answer_path, &answer)?;
        Ok(stamp)
    }

    fn make_folder(&self) -> Result<(), Error> {
        let folder = self.folder();
        if !folder.is_dir() {
            fs::create_dir_all(&folder).map_err(crate::Error::io(&folder))?;
            // If we stop here, the folder may be gone after a power cut, and nothing was in it.
            sync_folder(&self.log)?;
        }
        Ok(())
    }

    fn digest_of_stamped(&self, name: &StampName) -> Result<Result<Digest, Refused>, crate::Error> {
        if let Some(older) = name.over() {
            return Ok(Ok(Digest::of(&read(&self.path(&older, "tsr"))?)));
        }
        let checkpoint = read(&self.log.join("checkpoints").join(name.size.to_string()))?;
        // The text ends with the line before the empty one. Witnesses add signatures below it when they like.
        let end = checkpoint.windows(2).position(|bytes| bytes == b"\n\n");
        Ok(end.map(|end| Digest::of(&checkpoint[..=end])).ok_or(Refused::NotACheckpoint))
    }

    fn folder(&self) -> PathBuf {
        self.log.join("stamps")
    }

    fn path(&self, name: &StampName, ending: &str) -> PathBuf {
        self.folder().join(format!("{name}.{ending}"))
    }
}

/// Reads a small file, and no more of it than an answer may be long.
fn read(path: &Path) -> Result<Vec<u8>, crate::Error> {
    use std::io::Read as _;
    let most = super::answer::MOST_BYTES as u64 + 1;
    let mut bytes = Vec::new();
    let file = fs::File::open(path).map_err(crate::Error::io(path))?;
    file.take(most).read_to_end(&mut bytes).map_err(crate::Error::io(path))?;
    Ok(bytes)
}
