use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use crate::Error;

/// The right to write to a record, which one process has at a time. It ends with the process, however that ends.
pub(crate) struct Lock {
    _file: File,
}

impl Lock {
    pub(crate) fn take(folder: &Path) -> Result<Lock, Error> {
        let path = folder.join(".lock");
        let open = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
        let file = open.map_err(Error::io(&path))?;
        match file.try_lock() {
            Ok(()) => Ok(Lock { _file: file }),
            Err(TryLockError::WouldBlock) => Err(Error::Locked { folder: folder.to_owned() }),
            Err(TryLockError::Error(source)) => Err(Error::Io { path, source }),
        }
    }
}

/// Tells whether a process is writing to the record in `folder` at this moment.
pub fn is_being_written(folder: &Path) -> bool {
    let held = |file: File| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock));
    File::open(folder.join(".lock")).is_ok_and(held)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_writes_is_seen() {
        let folder = tempfile::tempdir().unwrap();
        assert!(!is_being_written(folder.path()));
        let lock = Lock::take(folder.path()).unwrap();
        assert!(is_being_written(folder.path()));
        drop(lock);
        assert!(!is_being_written(folder.path()));
    }
}
