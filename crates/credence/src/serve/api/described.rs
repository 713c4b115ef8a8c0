//! The description of the API, as OpenAPI 3.1, made of what stands beside each function.

use axum::Json;
use utoipa::OpenApi;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{Ref, RefOr};

use super::described_routes;
use crate::serve::fault::Fault;

/// What the document says of the whole.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Credence",
        version = "1",
        description = "Asks and changes one record, on the machine that it lies on. How to start, the secret, pages of lists, \
                       codes of faults and events are explained in docs/api.md.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")
    ),
    tags(
        (name = "record", description = "The record as a whole"),
        (name = "reports", description = "Reports: texts, originals and copies"),
        (name = "claims", description = "What reports say, word by word"),
        (name = "stories", description = "Reports of one news development"),
        (name = "incidents", description = "Alleged events, their figures and where all that comes from"),
        (name = "decisions", description = "What people decided over what was found"),
        (name = "work", description = "Collecting and checking, which take longer than an answer"),
        (name = "desk", description = "The desk itself"),
    ),
    components(schemas(Fault), responses(Fault))
)]
struct Document;

/// Describes what can be asked, as OpenAPI 3.1.
#[utoipa::path(get, path = "/openapi.json", tag = "desk", responses((status = 200, body = Object)))]
pub(super) async fn openapi() -> Json<utoipa::openapi::OpenApi> {
    Json(document())
}

/// Describes all routes, and says what holds for each of them.
fn document() -> utoipa::openapi::OpenApi {
    let mut document = Document::openapi();
    document.merge(described_routes().into_openapi());
    let bearer = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
    if let Some(components) = &mut document.components {
        components.security_schemes.insert(SECRET.to_owned(), RefOr::T(bearer));
    }
    for (path, item) in &mut document.paths.paths {
        let secret = (!crate::serve::guard::is_open(path)).then_some(SECRET);
        operations(item).for_each(|operation| complete(operation, secret));
    }
    document
}

/// What the document calls the secret of the desk.
const SECRET: &str = "secret";

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.post].into_iter().flatten()
}

fn complete(operation: &mut Operation, secret: Option<&str>) {
    operation.security = secret.map(|name| vec![SecurityRequirement::new::<_, _, String>(name, [])]);
    for response in operation.responses.responses.values_mut() {
        if let RefOr::T(response) = response {
            response.description = "As asked".to_owned();
        }
    }
    for status in ["4XX", "5XX"] {
        let fault = RefOr::Ref(Ref::from_response_name("Fault"));
        operation.responses.responses.insert(status.to_owned(), fault);
    }
}
