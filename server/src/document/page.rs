//! The OpenAPI document as one HTML page: operations by tag, shapes, and the codes of refusals.

use domain::problem::Code;
use serde_json::Value;
use std::fmt::Write;
use utoipa::openapi::{OpenApi, RefOr, path::Operation};

use super::operations;
use crate::problem;

/// The whole page.
pub(super) fn html(document: &OpenApi) -> String {
    let mut out = String::from(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Relabel: REST API</title>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <link rel=\"stylesheet\" href=\"/api/docs.css\"></head><body><main>\
         <h1>Relabel: REST API</h1><p>The document itself: <a href=\"/api/openapi.json\">openapi.json</a> \
         (OpenAPI 3.1).</p><nav aria-label=\"Contents\"><ul>",
    );
    let tags: Vec<(&str, &str)> = document
        .tags
        .iter()
        .flatten()
        .map(|tag| (tag.name.as_str(), tag.description.as_deref().unwrap_or_default()))
        .collect();
    for (name, description) in &tags {
        push(&mut out, format_args!("<li><a href=\"#{name}\">{name}</a>: {}</li>", escape(description)));
    }
    out.push_str(
        "<li><a href=\"#shapes\">shapes</a></li><li><a href=\"#codes\">codes of refusals</a></li></ul></nav>",
    );
    for (name, description) in tags {
        push(&mut out, format_args!("<section id=\"{name}\"><h2>{name}</h2><p>{}</p>", escape(description)));
        for (path, item) in &document.paths.paths {
            for (method, operation) in operations(item) {
                if operation.tags.iter().flatten().any(|tag| tag == name) {
                    operation_html(&mut out, method.as_str(), path, operation);
                }
            }
        }
        out.push_str("</section>");
    }
    shapes(&mut out, document);
    codes(&mut out);
    out.push_str("</main></body></html>");
    out
}

fn operation_html(out: &mut String, method: &str, path: &str, operation: &Operation) {
    push(
        out,
        format_args!(
            "<article><h3><span class=\"method\">{method}</span> <code>{}</code></h3><p>{}</p>",
            escape(path),
            escape(operation.summary.as_deref().unwrap_or_default())
        ),
    );
    if let Some(description) = &operation.description {
        push(out, format_args!("<p>{}</p>", escape(description)));
    }
    let permission = operation.extensions.as_ref().and_then(|more| more.get("x-permission"));
    if let Some(permission) = permission.and_then(Value::as_str) {
        push(out, format_args!("<p class=\"permission\">Permission: {}</p>", escape(permission)));
    }
    let parameters: Vec<_> = operation.parameters.iter().flatten().collect();
    if !parameters.is_empty() {
        out.push_str("<ul class=\"parameters\">");
        for parameter in parameters {
            if let RefOr::T(parameter) = parameter {
                push(
                    out,
                    format_args!(
                        "<li><code>{}</code> {}</li>",
                        escape(&parameter.name),
                        escape(parameter.description.as_deref().unwrap_or_default())
                    ),
                );
            }
        }
        out.push_str("</ul>");
    }
    let body = serde_json::to_value(&operation.request_body).unwrap_or_default();
    if let Some(kinds) = body.get("content").and_then(Value::as_object) {
        push(out, format_args!("<p>Body: {}</p>", contents(kinds)));
    }
    out.push_str("<ul class=\"answers\">");
    for (status, response) in &operation.responses.responses {
        let RefOr::T(response) = response else { continue };
        let value = serde_json::to_value(response).unwrap_or_default();
        let content = value.get("content").and_then(Value::as_object).map(contents).unwrap_or_default();
        let text = escape(&response.description);
        push(out, format_args!("<li><code>{status}</code> {text} {content}</li>"));
    }
    out.push_str("</ul></article>");
}

/// Media types with their shapes.
fn contents(kinds: &serde_json::Map<String, Value>) -> String {
    let one = |(kind, content): (&String, &Value)| {
        let shape = content.pointer("/schema/$ref").and_then(Value::as_str);
        let shape = shape.and_then(|path| path.rsplit('/').next()).map_or_else(String::new, |name| {
            format!(" <a href=\"#shape-{name}\">{name}</a>", name = escape(name))
        });
        format!("<code>{}</code>{shape}", escape(kind))
    };
    kinds.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn shapes(out: &mut String, document: &OpenApi) {
    out.push_str("<section id=\"shapes\"><h2>Shapes</h2>");
    for (name, schema) in document.components.iter().flat_map(|components| &components.schemas) {
        let name = escape(name);
        let json = serde_json::to_string_pretty(schema).unwrap_or_default();
        push(
            out,
            format_args!(
                "<details id=\"shape-{name}\"><summary>{name}</summary><pre tabindex=\"0\">{}</pre></details>",
                escape(&json)
            ),
        );
    }
    out.push_str("</section>");
}

fn codes(out: &mut String) {
    out.push_str(
        "<section id=\"codes\"><h2>Codes of refusals</h2><table><thead><tr><th scope=\"col\">status</th>\
         <th scope=\"col\">code</th><th scope=\"col\">meaning</th></tr></thead><tbody>",
    );
    for code in Code::ALL {
        push(
            out,
            format_args!(
                "<tr id=\"{code}\"><td>{}</td><td><code>{code}</code></td><td>{}</td></tr>",
                problem::status(code.kind()).as_u16(),
                escape(code.title())
            ),
        );
    }
    out.push_str("</tbody></table></section>");
}

fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a String cannot fail.
    let _ = out.write_fmt(text);
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
