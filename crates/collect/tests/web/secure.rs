use std::fmt::Write as _;
use std::sync::Arc;

use collect::web::{Fetcher, Request, Settings};
use expect_test::expect;
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, KeyUsagePurpose,
    date_time_ymd,
};
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::server::{Server, addresses, loopback, outcome, read_head, send};

type Authority = CertifiedIssuer<'static, KeyPair>;

fn authority() -> Authority {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    params.distinguished_name.push(DnType::CommonName, "Tests of Tesmin");
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// A server with a certificate for a name, good up to a year.
struct Site {
    server: Server,
    certificate: CertificateDer<'static>,
}

fn site(authority: &Authority, name: &str, until: i32) -> Site {
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(until, 1, 1);
    let key = KeyPair::generate().unwrap();
    let certificate = params.signed_by(&key, authority).unwrap().der().clone();
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let chain = vec![certificate.clone(), authority.der().clone()];
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    let config = Arc::new(config);
    let server = Server::at("127.0.0.1", move |stream| {
        let mut line = StreamOwned::new(ServerConnection::new(Arc::clone(&config)).unwrap(), stream);
        let head = read_head(&mut line);
        match head.split(' ').nth(1).unwrap_or_default() {
            // The line is cut where only its end could tell that the body has ended.
            "/cut" => _ = send(&mut line, "HTTP/1.1 200 OK\r\n\r\n<p>12 were"),
            "/whole" => {
                send(&mut line, "HTTP/1.1 200 OK\r\n\r\n<p>12 were hurt");
                line.conn.send_close_notify();
                send(&mut line, "");
            }
            _ => _ = send(&mut line, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n<p>12"),
        }
    });
    Site { server, certificate }
}

fn url(site: &Site, path: &str) -> String {
    format!("https://quillhaven.example:{}{path}", site.server.address.port())
}

fn fetcher(extra_roots: String) -> Fetcher {
    let settings = Settings { extra_roots, ..loopback() };
    Fetcher::new(settings).unwrap().with_resolver(|_| Ok(addresses(&["127.0.0.1"])))
}

#[test]
fn the_certificates_are_kept() {
    let authority = authority();
    let site = site(&authority, "quillhaven.example", 2100);
    let visit = fetcher(authority.pem()).fetch(&Request::to(url(&site, "/"))).unwrap();
    let tls = visit.last().tls.as_ref().unwrap();
    assert_eq!((tls.version.as_str(), tls.cipher.as_str()), ("TLSv1_3", "TLS13_AES_256_GCM_SHA384"));
    assert_eq!(tls.certificates, [site.certificate.to_vec(), authority.der().to_vec()]);
    assert_eq!(visit.last().notes().iter().filter(|(name, _)| *name == "certificate").count(), 2);
    assert!(visit.last().response.raw.ends_with(b"\r\n\r\n<p>12"));
}

#[test]
fn who_cannot_be_trusted_is_asked_nothing() {
    let (authority, other) = (authority(), authority());
    let mut table = String::new();
    for (case, name, until, roots) in [
        ("trusted", "quillhaven.example", 2100, authority.pem()),
        ("of an unknown authority", "quillhaven.example", 2100, String::new()),
        ("of another authority", "quillhaven.example", 2100, other.pem()),
        ("for another name", "quillhaven.test", 2100, authority.pem()),
        ("no longer good", "quillhaven.example", 2021, authority.pem()),
    ] {
        let site = site(&authority, name, until);
        let fetched = fetcher(roots).fetch(&Request::to(url(&site, "/")));
        // What the library says of times and names is its own affair.
        let said = outcome(&fetched);
        let said = said.split_once(" (").map_or(said.as_str(), |(said, _)| said);
        writeln!(table, "{case} -> {}", said.split(": verif").next().unwrap()).unwrap();
    }
    expect![[r#"
        trusted -> Content, status 200, after 0 redirects: "<p>12"
        of an unknown authority -> no secure connection: invalid peer certificate: UnknownIssuer; 0 kept
        of another authority -> no secure connection: invalid peer certificate: BadSignature; 0 kept
        for another name -> no secure connection: invalid peer certificate: certificate not valid for name "quillhaven.example"; certificate is only valid for DnsName("quillhaven.test"); 0 kept
        no longer good -> no secure connection: invalid peer certificate: certificate expired
    "#]].assert_eq(&table);
}

#[test]
fn a_secure_line_that_is_cut_is_not_taken_for_an_end() {
    let authority = authority();
    let site = site(&authority, "quillhaven.example", 2100);
    let fetch = |path: &str| outcome(&fetcher(authority.pem()).fetch(&Request::to(url(&site, path))));
    let cut =
        expect!["the connection ended before the response was whole; 1 kept, the last cut by disconnect"];
    cut.assert_eq(&fetch("/cut"));
    expect![[r#"Content, status 200, after 0 redirects: "<p>12 were hurt""#]].assert_eq(&fetch("/whole"));
}

#[test]
fn what_does_not_speak_tls() {
    let server = Server::at("127.0.0.1", |mut stream| _ = send(&mut stream, "HTTP/1.1 400 What?\r\n\r\n"));
    let fetched = fetcher(String::new()).fetch(&Request::to(format!("https://{}/", server.address)));
    assert!(outcome(&fetched).starts_with("no secure connection: "), "{}", outcome(&fetched));
}
