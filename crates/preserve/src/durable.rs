use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::{Error, step};

/// Writes a small file so that it is there whole, with the old content or the new, wherever the machine stops.
///
/// It is written under a temporary name beside it, `.NAME.new`, which a later call writes over. Two writers of the
/// same file at the same time are not provided for.
pub fn write_durably(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let new = beside(path);
    let file = File::create(&new).map_err(Error::io(&new))?;
    finish(path, file, bytes)
}

/// Writes a file as [`write_durably`] does, that nobody but its owner may read or write.
pub(crate) fn write_secret(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let new = beside(path);
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(&new).map_err(Error::io(&new))?;
    finish(path, file, bytes)
}

fn finish(path: &Path, mut file: File, bytes: &[u8]) -> Result<(), Error> {
    let new = beside(path);
    // If we stop here, the old file stands and a part of the new one lies beside it.
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(Error::io(&new))?;
    // If we stop here, the old file stands and the whole of the new one lies beside it.
    step::done("new-file-written");
    fs::rename(&new, path).map_err(Error::io(path))?;
    // If we stop here, either name may be the one that is found; both files are whole.
    sync_folder(folder_of(path))
    // From here on the new file is found.
}

/// Returns the name that a file has while it is written.
pub(crate) fn beside(path: &Path) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(".new");
    path.with_file_name(name)
}

/// Makes a folder that is found again after a power cut, unless it is there.
pub(crate) fn make_folder(folder: &Path) -> Result<(), Error> {
    if folder.is_dir() {
        return Ok(());
    }
    fs::create_dir_all(folder).map_err(Error::io(folder))?;
    // If we stop here, the folder may be gone after a power cut, and with it nothing.
    sync_folder(folder_of(folder))
}

/// Takes away a file, so that it is not found again after a power cut. It need not be there.
pub(crate) fn remove_durably(path: &Path) -> Result<(), Error> {
    match fs::remove_file(path) {
        Ok(()) => sync_folder(folder_of(path)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(Error::io(path)(error)),
    }
}

/// Makes the names in a folder durable: a file that was made or renamed is found again after a power cut.
pub(crate) fn sync_folder(folder: &Path) -> Result<(), Error> {
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(Error::io(folder))
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replaces_the_whole_and_leaves_nothing_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("credence.toml");
        write_durably(&path, b"a long first version").unwrap();
        write_durably(&path, b"second").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"second");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_half_written_new_version_is_in_nobodys_way() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("credence.toml");
        fs::write(folder.path().join(".credence.toml.new"), b"half of a longer vers").unwrap();
        write_durably(&path, b"second").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"second");
    }

    #[test]
    fn an_error_names_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let error = write_durably(&folder.path().join("no/such.toml"), b"").unwrap_err();
        assert!(error.to_string().contains("no/.such.toml.new"), "{error}");
    }
}
