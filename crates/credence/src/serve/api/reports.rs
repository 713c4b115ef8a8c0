use std::io::{Read as _, Seek as _};
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse as _, Response};
use jiff::civil::Date;
use model::{Act, Measure, Polarity};
use preserve::Reader;
use preserve::log::{Disclosure, prove};
use serde::Deserialize;
use store::{ClaimFilter, Days, Order, ReportFilter, Store, StoredClaim, StoredReport};
use utoipa::IntoParams;

use super::{Answer, lines, shown};
use crate::explanation::{Explanation, Kept};
use crate::incidents::Shelf;
use crate::reading::stored_claim;
use crate::record::originals_folder;
use crate::serve::asked::{Asked, one_of};
use crate::serve::fault::{Code, Fault};
use crate::serve::listing::{Listing, MOST, page, within};
use crate::serve::rows::{self, ReportLine};
use crate::serve::site::Site;
use crate::wire::{Claim, FamilySheet, Report, claim_number};
use crate::{family as families, picture, places};

/// Which reports to list.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ReportsAsked {
    /// Words in the name of the outlet.
    pub(crate) outlet: Option<String>,
    /// Words in the title.
    pub(crate) title: Option<String>,
    /// Published on this day or later.
    pub(crate) from: Option<Date>,
    /// Published on this day or before.
    pub(crate) to: Option<Date>,
    /// Rows of a page, 50 unless given, 500 at most.
    #[param(minimum = 1, maximum = 500)]
    #[serde(default, deserialize_with = "within::<1, MOST, _>")]
    pub(crate) limit: Option<u64>,
    /// The `next` of the page before.
    pub(crate) after: Option<String>,
}

/// Lists the reports, newest first, undated ones last.
#[utoipa::path(get, path = "/reports", tag = "reports", params(ReportsAsked), responses((status = 200, body = Listing<ReportLine>)))]
pub(crate) async fn reports(
    State(site): State<Arc<Site>>,
    headers: HeaderMap,
    Asked(asked): Asked<ReportsAsked>,
) -> Result<Response, Fault> {
    if lines::are_asked(&headers) {
        let filter = Arc::clone(&site).read(move |store| report_filter(store, &asked)).await?;
        return Ok(lines::answer(site, move |store, each| {
            store.reports(&filter, |report| each(&report.row.body))
        }));
    }
    Ok(Json(site.read(move |store| report_list(store, &asked)).await?).into_response())
}

/// Lists a page of reports.
pub(crate) fn report_list(store: &Store, asked: &ReportsAsked) -> Result<Listing<ReportLine>, Fault> {
    let filter = ReportFilter { page: page(asked.limit), ..report_filter(store, asked)? };
    let mut found = Vec::new();
    store.reports(&filter, |report| {
        found.push(ReportLine::from(&report));
        Ok::<(), store::Error>(())
    })?;
    Ok(Listing::of(found, asked.limit, |line| line.original.clone()))
}

fn report_filter(store: &Store, asked: &ReportsAsked) -> Result<ReportFilter, Fault> {
    let behind = asked.after.as_deref().map(|digest| rows::report(store, digest)).transpose()?;
    Ok(ReportFilter {
        outlet: asked.outlet.clone(),
        title: asked.title.clone(),
        published: Days { from: asked.from, to: asked.to },
        order: Order::Newest,
        behind: behind.map(|report| report.id),
        ..ReportFilter::default()
    })
}

/// Shows what was read of a report besides its claims.
#[utoipa::path(get, path = "/reports/{id}", tag = "reports", params(("id" = String, description = "The id of a report, or the digest of its original or the beginning of it")), responses((status = 200, body = Report)))]
pub(crate) async fn report(State(site): State<Arc<Site>>, Path(id): Path<String>) -> Answer<Report> {
    site.read(move |store| wired(&rows::report(store, &id)?)).await.map(Json)
}

/// Reads the JSON of a report back.
pub(crate) fn wired(report: &StoredReport) -> Result<Report, Fault> {
    serde_json::from_str(&report.row.body)
        .map_err(|_| Fault::new(Code::Damaged, "the row of the report cannot be read"))
}

/// Lists the claims of a report, as they stand in it.
#[utoipa::path(get, path = "/reports/{id}/claims", tag = "reports", params(("id" = String, description = "As above")), responses((status = 200, body = [Claim])))]
pub(crate) async fn report_claims(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
) -> Answer<Vec<Claim>> {
    site.read(move |store| claims_of(store, &rows::report(store, &id)?)).await.map(Json)
}

/// Reads the claims of a report back.
pub(crate) fn claims_of(store: &Store, report: &StoredReport) -> Result<Vec<Claim>, Fault> {
    let claims: anyhow::Result<Vec<Claim>> = store.claims_of(report.id)?.iter().map(stored_claim).collect();
    Ok(claims?)
}

/// Gives the text of a report as it was given, in which the spans count.
#[utoipa::path(get, path = "/reports/{id}/text", tag = "reports", params(("id" = String, description = "As above")), responses((status = 200, body = String, content_type = "text/plain")))]
pub(crate) async fn text(State(site): State<Arc<Site>>, Path(id): Path<String>) -> Result<Response, Fault> {
    let given = site
        .read(move |store| Ok(opened(store, &rows::report(store, &id)?)?.article().text.given().to_owned()));
    Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], given.await?).into_response())
}

/// Gives the bytes of the original, unchanged, to be saved.
#[utoipa::path(get, path = "/reports/{id}/original", tag = "reports", params(("id" = String, description = "As above")), responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream")))]
pub(crate) async fn original(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    let original = site.read(move |store| opened(store, &rows::report(store, &id)?)).await?;
    // Never as what it says it is: a page would run in the place of the desk.
    Ok(saved(("application/octet-stream", &original.digest.hex()), original.bytes))
}

/// Gives the record of WARC 1.1 that holds the original, as it is stored: one member of gzip.
#[utoipa::path(get, path = "/reports/{id}/warc", tag = "reports", params(("id" = String, description = "As above")), responses((status = 200, body = Vec<u8>, content_type = "application/warc")))]
pub(crate) async fn warc(State(site): State<Arc<Site>>, Path(id): Path<String>) -> Result<Response, Fault> {
    let stored = site.read(move |store| stored_record(store, &rows::report(store, &id)?));
    Ok(saved(("application/warc", "record.warc.gz"), stored.await?))
}

fn stored_record(store: &Store, report: &StoredReport) -> Result<Vec<u8>, Fault> {
    let row = store.original(&report.row.digest)?;
    let row =
        row.ok_or_else(|| Fault::new(Code::Damaged, "the rows do not know the original of this report"))?;
    let segment: preserve::Segment = row.segment.parse().map_err(anyhow::Error::from)?;
    let path = originals_folder(store.folder()).join(segment.file_name());
    let read = || -> std::io::Result<Vec<u8>> {
        let mut file = std::fs::File::open(path)?;
        file.seek(std::io::SeekFrom::Start(row.offset))?;
        let mut bytes = Vec::new();
        file.take(row.stored_length).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    Ok(read().map_err(anyhow::Error::from)?)
}

/// Gives the proof that the original is in the log, for `credence verify FILE` or tools of others (C2SP tlog-proof).
#[utoipa::path(get, path = "/reports/{id}/proof", tag = "reports", params(("id" = String, description = "As above")), responses((status = 200, body = String, content_type = "text/plain")))]
pub(crate) async fn proof(State(site): State<Arc<Site>>, Path(id): Path<String>) -> Result<Response, Fault> {
    let proof = site.read(move |store| {
        let report = rows::report(store, &id)?;
        let digest = model::Digest::from_bytes(report.row.digest);
        let read = store.leaf_of_reading(report.id)?;
        let leaf = crate::record::leaf_near(store.folder(), digest, read).map_err(anyhow::Error::from)?;
        Ok(prove(store.folder(), leaf, Disclosure::Leaf).map_err(anyhow::Error::from)?.to_text())
    });
    Ok(saved(("text/plain; charset=utf-8", "original.tlog-proof"), proof.await?.into_bytes()))
}

/// Answers with a file to be saved.
fn saved((kind, name): (&'static str, &str), bytes: Vec<u8>) -> Response {
    let name = format!("attachment; filename=\"{name}\"");
    ([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, name)], bytes).into_response()
}

/// Takes the original of a report out of the record, checked against its digest.
pub(crate) fn opened(store: &Store, report: &StoredReport) -> Result<crate::reading::Original, Fault> {
    let row = store.original(&report.row.digest)?;
    let row =
        row.ok_or_else(|| Fault::new(Code::Damaged, "the rows do not know the original of this report"))?;
    Ok(crate::record::original(store, &Reader::new(originals_folder(store.folder())), &row)?)
}

/// Shows the copies of a report: the text in its members, how each is like another, and where it likely comes from.
#[utoipa::path(get, path = "/reports/{id}/family", tag = "reports", params(("id" = String, description = "As above")), responses((status = 200, body = Option<FamilySheet>)))]
pub(crate) async fn family(State(site): State<Arc<Site>>, Path(id): Path<String>) -> Result<Response, Fault> {
    Ok(shown(&known_family(site, id).await?))
}

/// Draws up the copies of a report, once for as long as the record is the same; nothing if there are none.
pub(crate) async fn known_family(site: Arc<Site>, id: String) -> Result<Arc<Option<FamilySheet>>, Fault> {
    site.know(format!("family {id}"), move |store| family_of(store, &rows::report(store, &id)?)).await
}

fn family_of(store: &Store, report: &StoredReport) -> Result<Option<FamilySheet>, Fault> {
    let reader = Reader::new(originals_folder(store.folder()));
    Ok(families::sheet(&Shelf { store, reader: &reader }, report.id)?)
}

/// Draws the copies of a report.
#[utoipa::path(get, path = "/reports/{id}/family.svg", tag = "reports", params(("id" = String, description = "As above")), responses((status = 200, body = String, content_type = "image/svg+xml")))]
pub(crate) async fn family_picture(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    let sheet = known_family(Arc::clone(&site), id.clone()).await?;
    let drawn = site.know(format!("family picture {id}"), move |_| match &*sheet {
        Some(sheet) => Ok(picture::family(sheet)),
        None => Err(Fault::new(Code::NotFound, "this report has no copies")),
    });
    Ok(super::svg(String::clone(&*drawn.await?)))
}

/// Which claims to list.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ClaimsAsked {
    /// `statement`, `figure`, `allegation` or `determination`.
    pub(crate) kind: Option<String>,
    /// Words in the name of a speaker.
    pub(crate) speaker: Option<String>,
    /// What is alleged to have been done.
    pub(crate) act: Option<String>,
    /// Words in the name of the place, or another spelling of the whole name that the gazetteer has: `Kyiv` is found by `Kiev`.
    pub(crate) place: Option<String>,
    /// `asserted`, `denied`, ….
    pub(crate) polarity: Option<String>,
    /// What a figure counts.
    pub(crate) measure: Option<String>,
    /// Whom a figure counts.
    pub(crate) population: Option<String>,
    /// Words of the claim.
    pub(crate) text: Option<String>,
    /// Speaks of this day or a later one.
    pub(crate) from: Option<Date>,
    /// Speaks of this day or one before.
    pub(crate) to: Option<Date>,
    /// Rows of a page, 50 unless given, 500 at most.
    #[param(minimum = 1, maximum = 500)]
    #[serde(default, deserialize_with = "within::<1, MOST, _>")]
    pub(crate) limit: Option<u64>,
    /// The `next` of the page before.
    pub(crate) after: Option<String>,
}

/// A claim, with what a list shows of its report.
#[derive(Debug, serde::Serialize, utoipa::ToSchema)]
pub(crate) struct ClaimLine {
    pub(crate) published: Option<Date>,
    pub(crate) outlet: Option<String>,
    #[serde(flatten)]
    pub(crate) claim: Claim,
    #[serde(skip)]
    pub(crate) name: String,
}

/// Lists claims, those of the newest reports first.
#[utoipa::path(get, path = "/claims", tag = "claims", params(ClaimsAsked), responses((status = 200, body = Listing<ClaimLine>)))]
pub(crate) async fn claims(
    State(site): State<Arc<Site>>,
    headers: HeaderMap,
    Asked(asked): Asked<ClaimsAsked>,
) -> Result<Response, Fault> {
    if lines::are_asked(&headers) {
        let filter = Arc::clone(&site).read(move |store| claim_filter(store, &asked)).await?;
        return Ok(lines::answer(site, move |store, each| {
            store.claims(&filter, |claim| each(&claim.row.body))
        }));
    }
    Ok(Json(site.read(move |store| claim_list(store, &asked)).await?).into_response())
}

/// Lists a page of claims.
pub(crate) fn claim_list(store: &Store, asked: &ClaimsAsked) -> Result<Listing<ClaimLine>, Fault> {
    let filter = ClaimFilter { page: page(asked.limit), ..claim_filter(store, asked)? };
    let mut found = Vec::new();
    store.claims(&filter, |stored| {
        found.push(claim_line(&stored)?);
        Ok::<(), Fault>(())
    })?;
    Ok(Listing::of(found, asked.limit, |line| line.name.clone()))
}

fn claim_line(stored: &StoredClaim) -> Result<ClaimLine, Fault> {
    let original = model::Digest::from_bytes(stored.digest);
    Ok(ClaimLine {
        published: stored.published,
        outlet: stored.outlet.clone(),
        claim: stored_claim(stored)?,
        name: crate::wire::claim_id(&original.to_string(), stored.number as usize),
    })
}

/// The kinds of claims.
pub(crate) const KINDS: [&str; 4] = ["statement", "figure", "allegation", "determination"];

fn claim_filter(store: &Store, asked: &ClaimsAsked) -> Result<ClaimFilter, Fault> {
    one_of("kind", asked.kind.as_deref(), &KINDS)?;
    one_of("act", asked.act.as_deref(), &Act::ALL.iter().map(|act| act.name()).collect::<Vec<_>>())?;
    let polarities: Vec<_> = Polarity::ALL.iter().map(|polarity| polarity.name()).collect();
    one_of("polarity", asked.polarity.as_deref(), &polarities)?;
    let measures: Vec<_> = Measure::ALL.iter().map(|measure| measure.name()).collect();
    one_of("measure", asked.measure.as_deref(), &measures)?;
    Ok(ClaimFilter {
        kind: asked.kind.clone(),
        speaker: asked.speaker.clone(),
        act: asked.act.clone(),
        place: asked.place.as_deref().map(places::asked_for),
        days: Days { from: asked.from, to: asked.to },
        polarity: asked.polarity.clone(),
        text: asked.text.clone(),
        measure: asked.measure.clone(),
        population: asked.population.clone(),
        order: Order::Newest,
        behind: asked.after.as_deref().map(|after| claim_behind(store, after)).transpose()?,
        ..ClaimFilter::default()
    })
}

fn claim_behind(store: &Store, after: &str) -> Result<(i64, u64), Fault> {
    let bad = || Fault::new(Code::BadRequest, "after has to be the `next` of the page before");
    let number = claim_number(after).ok_or_else(bad)?;
    let (digest, _) = after.rsplit_once('#').ok_or_else(bad)?;
    Ok((rows::report(store, digest)?.id, number as u64))
}

/// Shows a claim.
#[utoipa::path(get, path = "/claims/{id}", tag = "claims", params(("id" = String, description = "The id of its report, #, and its number")), responses((status = 200, body = Claim)))]
pub(crate) async fn claim(State(site): State<Arc<Site>>, Path(id): Path<String>) -> Answer<Claim> {
    let found = site.read(move |store| {
        let (report, number) = rows::claim(store, &id)?;
        claims_of(store, &report)?.into_iter().nth(number).ok_or_else(|| Fault::not_found("claim", &id))
    });
    found.await.map(Json)
}

/// Explains a claim: what it says, by which words and which rule it was read, and the way back to the bytes.
#[utoipa::path(get, path = "/claims/{id}/explanation", tag = "claims", params(("id" = String, description = "As above")), responses((status = 200, body = Object)))]
pub(crate) async fn explanation(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
) -> Answer<serde_json::Value> {
    site.read(move |store| explained(store, &id, |explanation| explanation.to_json())).await.map(Json)
}

/// Reads the original of a claim again, and explains the claim.
pub(crate) fn explained<T>(
    store: &Store,
    id: &str,
    explain: impl FnOnce(&Explanation<'_>) -> T,
) -> Result<T, Fault> {
    let (report, number) = rows::claim(store, id)?;
    let original = opened(store, &report)?;
    let reading = original.read();
    let wired = original.wire(&reading);
    if claims_of(store, &report)?.get(number) != wired.claims.get(number) {
        return Err(Fault::new(
            Code::Damaged,
            "this claim was read by another version: `credence reindex` reads it again",
        ));
    }
    let row = store.original(&report.row.digest)?.ok_or_else(|| Fault::not_found("original", id))?;
    let segment: preserve::Segment = row.segment.parse().map_err(anyhow::Error::from)?;
    let kept = Kept { file: originals_folder(store.folder()).join(segment.file_name()), row };
    Ok(explain(&Explanation { reading: &reading, wired: &wired, number, kept: &kept }))
}
