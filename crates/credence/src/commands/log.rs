use std::io::{self, Write as _};

use anyhow::{Context as _, bail};
use collect::web::{Content, Fetcher};
use jiff::Timestamp;
use model::Digest;
use preserve::log::{Disclosure, Post, Reply, VerifierKey, prove, prove_consistency};
use preserve::signature;
use preserve::stamp::{Roots, Stamps};

use super::{Desk, Outcome};
use crate::cli::{Log, LogCommand, Prove};
use crate::configuration::{Authority, Configuration};
use crate::output::talk;
use crate::parallel;
use crate::record::{self, Record};

/// Hands out what lets others check the record.
pub(super) fn run(desk: &Desk, asked: &Log) -> anyhow::Result<Outcome> {
    match &asked.what {
        LogCommand::Checkpoint => checkpoint(desk),
        LogCommand::Key => key(desk),
        LogCommand::Prove(asked) => give_proof(desk, asked),
        LogCommand::Witness => witness(desk),
        LogCommand::Stamp => stamp(desk),
    }
}

fn open(desk: &Desk) -> anyhow::Result<Record> {
    Record::open(&desk.folder, parallel::jobs(None))
}

fn checkpoint(desk: &Desk) -> anyhow::Result<Outcome> {
    let mut record = open(desk)?;
    let newest = record.log().checkpoint()?;
    // Before anything is printed: whoever reads it may have gone, and that must not leave the record unsealed.
    let outcome = super::collect::end(record, true)?;
    desk.out(true).write_all(newest.bytes())?;
    Ok(outcome)
}

fn key(desk: &Desk) -> anyhow::Result<Outcome> {
    let mut record = open(desk)?;
    let signing = signature::key_of(&desk.folder)?;
    let key = record.log().key().text().to_owned();
    let outcome = super::collect::end(record, true)?;
    let mut out = desk.out(false);
    writeln!(out, "{key}")?;
    write!(out, "{}", signature::allowed_signer(&signing.verifying_key(), "credence"))?;
    Ok(outcome)
}

fn give_proof(desk: &Desk, asked: &Prove) -> anyhow::Result<Outcome> {
    let text = if asked.consistency {
        let size =
            asked.what.parse().with_context(|| format!("{:?} is no size of a checkpoint", asked.what))?;
        prove_consistency(&desk.folder, size)?.to_text()
    } else {
        let disclosure = if asked.disclose { Disclosure::Leaf } else { Disclosure::Nothing };
        prove(&desk.folder, leaf_of(desk, &asked.what)?, disclosure)?.to_text()
    };
    desk.out(true).write_all(text.as_bytes())?;
    Ok(Outcome::Found)
}

/// Finds the leaf of the record that an original stands in.
fn leaf_of(desk: &Desk, what: &str) -> anyhow::Result<u64> {
    let found = desk.store()?.find_reports(what)?;
    let [report] = found.as_slice() else {
        bail!("{} reports are called {what:?}; `credence reports --json` lists digests", found.len());
    };
    Ok(record::leaf_of(&desk.folder, Digest::from_bytes(report.row.digest))?)
}

/// Sends bytes to the services of the log.
struct Services {
    fetcher: Fetcher,
}

impl Services {
    fn of(desk: &Desk, configuration: &Configuration) -> anyhow::Result<Services> {
        Ok(Services { fetcher: Fetcher::new(configuration.fetcher(&desk.folder)?)? })
    }
}

impl Post for Services {
    fn post(&mut self, url: &str, body: &[u8]) -> io::Result<Reply> {
        let content = Content { media_type: "text/plain; charset=utf-8", bytes: body };
        let exchange = self.fetcher.post(url, &content).map_err(|error| io::Error::other(error.fault))?;
        Ok(Reply { status: exchange.status(), body: exchange.body })
    }
}

fn witness(desk: &Desk) -> anyhow::Result<Outcome> {
    let configuration = Configuration::of(&desk.folder)?;
    if configuration.witnesses.is_empty() {
        bail!("no witness is configured: credence.toml has no [[witness]] with address and key");
    }
    let mut record = open(desk)?;
    record.log().checkpoint()?;
    let mut services = Services::of(desk, &configuration)?;
    let mut failed = 0;
    for witness in &configuration.witnesses {
        let key =
            VerifierKey::parse(&witness.key).with_context(|| format!("the key of {}", witness.address))?;
        let witness = preserve::log::Witness { key, url: witness.address.clone() };
        match record.log().cosign(&witness, &mut services) {
            Ok(cosigned) => {
                writeln!(desk.out(false), "cosigned by {} at {}", cosigned.by, time(cosigned.seconds))?
            }
            Err(error) => {
                failed += 1;
                talk(&format!("not cosigned: {error}"));
            }
        }
    }
    let outcome = super::collect::end(record, true)?;
    if failed > 0 {
        bail!("{failed} of {} witnesses did not cosign", configuration.witnesses.len());
    }
    Ok(outcome)
}

fn time(seconds: u64) -> String {
    let time = i64::try_from(seconds).ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
    time.map_or_else(|| format!("second {seconds}"), |time| time.to_string())
}

/// One authority, and the way to it.
struct Asked<'a> {
    authority: &'a Authority,
    fetcher: &'a Fetcher,
}

/// What an authority may answer at most.
const LONGEST_ANSWER: usize = 1 << 20;

impl preserve::stamp::Authority for Asked<'_> {
    fn name(&self) -> &str {
        &self.authority.name
    }

    fn answer(&mut self, request: &[u8]) -> io::Result<Vec<u8>> {
        // RFC 3161, 3.4.
        let content = Content { media_type: "application/timestamp-query", bytes: request };
        let answer = self.fetcher.post(&self.authority.address, &content);
        let answer = answer.map_err(|error| io::Error::other(error.fault))?;
        match (answer.status(), answer.body.len()) {
            (200, ..=LONGEST_ANSWER) => Ok(answer.body),
            (200, length) => {
                Err(io::Error::other(format!("the answer has {length} bytes, which is no time stamp")))
            }
            (status, _) => Err(io::Error::other(format!("the authority answers with status {status}"))),
        }
    }
}

/// Stamps whose certificates end within this time are stamped over.
const YEAR: jiff::SignedDuration = jiff::SignedDuration::from_hours(365 * 24);

fn stamp(desk: &Desk) -> anyhow::Result<Outcome> {
    let configuration = Configuration::of(&desk.folder)?;
    if configuration.authorities.is_empty() {
        bail!("no authority is configured: credence.toml has no [[authority]] with name and address");
    }
    let mut record = open(desk)?;
    let size = record.log().checkpoint()?.size();
    let Services { fetcher } = Services::of(desk, &configuration)?;
    let stamps = Stamps::new(&desk.folder.join("log"));
    let due = stamps.due(crate::clock::now()?.checked_add(YEAR)?)?;
    let mut failed = 0;
    for authority in &configuration.authorities {
        let roots = roots_of(desk, authority)?;
        let mut asked = Asked { authority, fetcher: &fetcher };
        let mut made = vec![stamps.stamp(size, &mut asked, &roots)];
        made.extend(due.iter().map(|older| stamps.stamp_over(older, &mut asked, &roots)));
        for stamp in made {
            match stamp {
                Ok(stamp) => {
                    let preserve::stamp::Stamp { time, trust, .. } = &stamp;
                    writeln!(desk.out(false), "stamped by {} at {time}: {trust}", authority.name)?;
                }
                // The same tree needs no second stamp of the same authority.
                Err(preserve::stamp::Error::Exists(name)) => talk(&format!("{name} is there already")),
                Err(error) => {
                    failed += 1;
                    talk(&format!("not stamped by {}: {error}", authority.name));
                }
            }
        }
    }
    let outcome = super::collect::end(record, true)?;
    if failed > 0 {
        bail!("{failed} time stamps could not be had");
    }
    Ok(outcome)
}

fn roots_of(desk: &Desk, authority: &Authority) -> anyhow::Result<Roots> {
    let Some(path) = &authority.roots else { return Ok(Roots::default()) };
    let path = desk.folder.join(path);
    let pem = std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    Roots::from_pem(&pem).with_context(|| format!("in {}", path.display()))
}
