//! Who may ask: the person who started the desk, from its own pages or with its secret, and nobody else.
//!
//! Any page in the same browser can send requests to the loopback. What keeps it out: the name that was asked for has to
//! be one of ours, so that a foreign name that is made to lead here is of no use (DNS rebinding); the page that asks has
//! to be one of ours (RFC 6454, Fetch metadata); and the secret of this start has to come with it, in a cookie that no
//! other site's request carries (`SameSite=Strict`, RFC 6265bis).

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::Response;
use sha2::{Digest as _, Sha256};

use super::fault::{Code, Fault};
use super::site::Site;

/// What only the person who started the desk knows.
pub(crate) struct Secret(String);

impl Secret {
    /// Draws one from the system's source of randomness: 32 bytes in hexadecimal.
    pub(crate) fn drawn() -> anyhow::Result<Secret> {
        let mut random = [0_u8; 32];
        getrandom::fill(&mut random).map_err(std::io::Error::other)?;
        Ok(Secret(random.iter().map(|byte| format!("{byte:02x}")).collect()))
    }

    /// Returns the secret itself, for the link and the cookie.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }

    /// Tells whether this is it, in a time that says nothing of how much of it is right.
    pub(crate) fn is(&self, given: &str) -> bool {
        Sha256::digest(given) == Sha256::digest(&self.0)
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

/// Where the secret is handed in; the only page that can be asked for without it.
pub(crate) const ENTRANCE: &str = "/enter";

/// Answered without a secret: whether the desk runs at all, and what the entrance looks like.
const OPEN: [&str; 2] = [ENTRANCE, "/healthz"];

/// What looks the same for everybody, and tells nothing.
const ASSETS: &str = "/assets/";

/// Tells whether a path is answered without a secret.
pub(super) fn is_open(path: &str) -> bool {
    OPEN.contains(&path) || path.starts_with(ASSETS)
}

/// Lets a request through, or refuses it; marks every answer with what a browser may do with it.
pub(crate) async fn guard(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    let mut response = match refused(&site, &request) {
        Some(fault) => super::pages::refusal(&request, fault),
        None => next.run(request).await,
    };
    if is_page(&response) {
        // What *Back* brings out of a store is shown without asking whether it still holds (RFC 9111, 6), and a page would lie
        // on the disk of the browser beyond its erasure.
        let never = HeaderValue::from_static("private, no-store");
        response.headers_mut().entry(header::CACHE_CONTROL).or_insert(never);
    }
    for (name, value) in HEADERS {
        response
            .headers_mut()
            .entry(HeaderName::from_static(name))
            .or_insert(HeaderValue::from_static(value));
    }
    response
}

/// Tells whether this is a page, and not what a page or a program takes in.
fn is_page(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE);
    kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}

/// For every answer. Nothing is asked for from elsewhere, nothing inline runs, and no other page may frame or read it.
const HEADERS: [(&str, &str); 8] = [
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
         font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    // Under "no-referrer" a browser calls the origin of a form "null" (Fetch, 3.1), and every form would be refused.
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("cache-control", "private, no-cache"),
];

fn refused(site: &Site, request: &Request) -> Option<Fault> {
    let headers = request.headers();
    let hosts = headers.get_all(header::HOST);
    // Two names would let each reader believe another one (RFC 9112, 3.2).
    if hosts.iter().count() != 1
        || !hosts.iter().all(|host| host.to_str().is_ok_and(|host| is_ours(host, site.port)))
    {
        return Some(Fault::new(Code::ForeignHost, "this is not a name of the desk"));
    }
    let path = request.uri().path();
    if !is_of_our_pages(headers, site.port) && path != ENTRANCE {
        return Some(Fault::new(Code::ForeignOrigin, "another site asks this"));
    }
    if is_open(path) {
        return None;
    }
    let by_token = bearer(headers).is_some_and(|token| site.secret.is(token));
    if !by_token && !cookie(headers, &cookie_name(site.port)).is_some_and(|secret| site.secret.is(secret)) {
        return Some(Fault::new(Code::NoSecret, "the secret of this start of the desk is missing"));
    }
    // A browser names the page that sends something with every request that changes something.
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD);
    let is_named = headers.contains_key(header::ORIGIN) || headers.contains_key(FETCH_SITE);
    if changes && !by_token && !is_named {
        return Some(Fault::new(Code::ForeignOrigin, "the page that asks this is not named"));
    }
    None
}

/// Tells whether this is the name of a host that we go by on this machine.
fn is_ours(host: &str, port: u16) -> bool {
    ["127.0.0.1", "localhost", "[::1]"].iter().any(|name| host == format!("{name}:{port}"))
}

const FETCH_SITE: &str = "sec-fetch-site";

/// Tells whether no other page is named as the one that asks. Programs name none.
fn is_of_our_pages(headers: &HeaderMap, port: u16) -> bool {
    let from_us = |origin: &str| origin.strip_prefix("http://").is_some_and(|host| is_ours(host, port));
    let origin = !headers.contains_key(header::ORIGIN) || text(headers, header::ORIGIN).is_some_and(from_us);
    let site = headers.get(FETCH_SITE).is_none_or(|site| site == "same-origin" || site == "none");
    origin && site
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    text(headers, header::AUTHORIZATION)?.strip_prefix("Bearer ")
}

/// Cookies know no port, and several desks may run side by side.
pub(crate) fn cookie_name(port: u16) -> String {
    format!("credence-desk-{port}")
}

pub(crate) fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|value| value.split("; ")).filter_map(|pair| pair.split_once('='));
    pairs.find(|(found, _)| *found == name).map(|(_, value)| value)
}
