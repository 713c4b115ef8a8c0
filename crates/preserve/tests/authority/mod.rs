//! Time stamping authorities that the `openssl` program plays.

use std::fs;
use std::io;
use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;

use preserve::stamp::Authority;
use tempfile::TempDir;

/// Two authorities and a stranger, made once for all tests; none where `openssl` is not installed.
pub(crate) fn place() -> Option<&'static Path> {
    static PLACE: OnceLock<Option<TempDir>> = OnceLock::new();
    let place = PLACE.get_or_init(|| Command::new("openssl").arg("version").output().ok().map(|_| founded()));
    if place.is_none() {
        eprintln!("skipped: the program openssl, which plays the authority, is not installed");
    }
    place.as_ref().map(TempDir::path)
}

fn founded() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::write(at.join("authority.ext"), "basicConstraints=critical,CA:TRUE\n").unwrap();
    fs::write(at.join("stamps.ext"), "extendedKeyUsage=critical,timeStamping\n").unwrap();
    fs::write(at.join("stamps-and-mail.ext"), "extendedKeyUsage=critical,timeStamping,emailProtection\n")
        .unwrap();
    fs::write(at.join("casually.ext"), "extendedKeyUsage=timeStamping\n").unwrap();
    let ec = "ec -pkeyopt ec_paramgen_curve:P-256";
    for root in ["root", "stranger"] {
        openssl(
            at,
            &format!(
                "req -x509 -newkey {ec} -nodes -keyout {root}.key -out {root}.crt -days 9000 -subj /CN={root}"
            ),
        );
    }
    for (name, key, ext, issuer) in [
        ("between", ec, "authority", "root"),
        ("rsa", "rsa:2048", "stamps", "between"),
        ("p256", ec, "stamps", "root"),
        ("mail", ec, "stamps-and-mail", "root"),
        ("casual", ec, "casually", "root"),
        ("plain", ec, "authority", "root"),
    ] {
        openssl(
            at,
            &format!("req -new -newkey {key} -nodes -keyout {name}.key -out {name}.csr -subj /CN={name}"),
        );
        openssl(
            at,
            &format!(
                "x509 -req -in {name}.csr -CA {issuer}.crt -CAkey {issuer}.key -CAcreateserial -days 4000 -extfile {ext}.ext -out {name}.crt"
            ),
        );
    }
    configure(at, "rsa", "sha256, sha384", "sha512\ncerts = between.crt");
    configure(at, "p256", "sha256", "sha256");
    configure(at, "picky", "sha512", "sha256");
    folder
}

fn configure(at: &Path, name: &str, digests: &str, signer_digest: &str) {
    let key = if name == "picky" { "p256" } else { name };
    let configuration = format!(
        "[tsa]\ndefault_tsa = t\n[t]\nserial = {name}.serial\nsigner_cert = {key}.crt\nsigner_key = {key}.key\n\
         default_policy = 1.3.6.1.4.1.99999.1\ndigests = {digests}\naccuracy = secs:1\ntsa_name = yes\n\
         ess_cert_id_chain = yes\ness_cert_id_alg = sha256\nsigner_digest = {signer_digest}\n"
    );
    fs::write(at.join(format!("{name}.cnf")), configuration).unwrap();
}

pub(crate) fn openssl(at: &Path, command: &str) {
    let run = Command::new("openssl").args(command.split(' ')).current_dir(at).output().unwrap();
    assert!(run.status.success(), "openssl {command}: {}", String::from_utf8_lossy(&run.stderr));
}

/// An authority of that name, run by the `openssl` program.
pub(crate) struct Local<'a>(pub(crate) &'a Path, pub(crate) &'a str);

impl Authority for Local<'_> {
    fn name(&self) -> &str {
        self.1
    }

    fn answer(&mut self, request: &[u8]) -> io::Result<Vec<u8>> {
        // A folder for each exchange: the tests run side by side, and the file of serial numbers is written to.
        let exchange = tempfile::tempdir()?;
        for entry in fs::read_dir(self.0)? {
            let path = entry?.path();
            fs::copy(&path, exchange.path().join(path.file_name().unwrap()))?;
        }
        fs::write(exchange.path().join("request.tsq"), request)?;
        openssl(
            exchange.path(),
            &format!("ts -reply -config {}.cnf -queryfile request.tsq -out answer.tsr", self.1),
        );
        fs::read(exchange.path().join("answer.tsr"))
    }
}
