use std::ffi::OsString;
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use crate::Error;

/// Writes a small file so that it is there whole, with the old content or the new, wherever the machine stops.
///
/// It is written under a temporary name beside it, `.NAME.new`, which a later call writes over. Two writers of the
/// same file at the same time are not provided for.
pub fn write_durably(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(".new");
    let new = path.with_file_name(name);
    let mut file = File::create(&new).map_err(Error::io(&new))?;
    // If we stop here, the old file stands and a part of the new one lies beside it.
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(Error::io(&new))?;
    // If we stop here, the old file stands and the whole of the new one lies beside it.
    fs::rename(&new, path).map_err(Error::io(path))?;
    // If we stop here, either name may be the one that is found; both files are whole.
    sync_folder(folder_of(path))
    // From here on the new file is found.
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
