"""The script of the page at ``/_local/operations``: builds the form of an operation from the OpenAPI document, signs where the
document says so, sends, and shows the reply. It writes text and never markup."""

from __future__ import annotations

from typing import Final

SCRIPT: Final = r"""
"use strict";

const find = (id) => document.getElementById(id);
const text = new TextEncoder();
const operations = new Map();
let schemas = {};

function made(name, properties, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

// What to send for a type, as a pattern to fill in: [{"Name": "text", "Value": "text"}].
function shape(schema, depth = 0) {
  if (schema.$ref) return shape(schemas[schema.$ref.split("/").pop()], depth);
  if (schema.type === "array") return [shape(schema.items, depth)];
  if (schema.additionalProperties) return { "...": shape(schema.additionalProperties, depth) };
  if (schema.type !== "object") return schema.enum ? schema.enum.join("|") : schema.type;
  if (depth > 2) return {};
  const members = Object.entries(schema.properties || {});
  return Object.fromEntries(members.map(([name, inner]) => [name, shape(inner, depth + 1)]));
}

function range(from, to, unit) {
  if (from === undefined && to === undefined) return [];
  if (to === undefined) return [`at least ${from}${unit}`];
  return [from === undefined ? `at most ${to}${unit}` : `${from} to ${to}${unit}`];
}

function limits({ type, minLength, maxLength, minimum, maximum }) {
  return [type, ...range(minLength, maxLength, " characters"), ...range(minimum, maximum, "")].join(", ");
}

function choice(values) {
  const options = values.map((value) => made("option", { value, textContent: value }));
  return made("select", {}, made("option", { value: "", textContent: "(left out)" }), ...options);
}

function field(parameter) {
  const schema = parameter.schema;
  const json = parameter.content && parameter.content["application/json"].schema;
  const secret = schema && schema.format === "password";
  let input;
  if (json) input = made("textarea", { placeholder: JSON.stringify(shape(json)), spellcheck: false });
  else if (schema.enum) input = choice(schema.enum);
  else if (schema.type === "boolean") input = choice(["true", "false"]);
  else input = made("input", { type: schema.type === "integer" ? "number" : "text", spellcheck: false });
  const id = `parameter-${parameter.name}`;
  Object.assign(input, { id, name: parameter.name, required: parameter.required, autocomplete: secret ? "off" : "on" });
  const type = json ? "JSON" : limits(schema);
  const hint = made("small", { textContent: ` ${type}${parameter.required ? ", required" : ""}` });
  return made("div", {}, made("label", { htmlFor: id }, parameter.name, hint), input);
}

function choose() {
  const operation = operations.get(find("operation").value);
  const known = operation.parameters.filter((parameter) => !parameter.$ref);
  find("summary").textContent = operation.summary;
  find("keys").hidden = !operation.security.length;
  find("parameters").hidden = !known.length;
  find("parameters").replaceChildren(made("legend", { textContent: "Parameters" }), ...known.map(field));
}

const escaped = (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
const encoded = (value) => encodeURIComponent(value).replace(/[!'()*]/g, escaped);
const hex = (bytes) => Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
const digest = async (value) => hex(await crypto.subtle.digest("SHA-256", text.encode(value)));

async function hmac(key, value) {
  const made = await crypto.subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return crypto.subtle.sign("HMAC", made, text.encode(value));
}

// AWS Signature Version 4. The time is the pool's, which may have been moved.
async function signed(query) {
  if (!globalThis.crypto || !crypto.subtle) throw new Error("This browser signs only on pages of this machine or over https.");
  const { now } = await (await fetch("/_local/clock")).json();
  const time = new Date(now * 1000).toISOString().replace(/[-:]|\.\d+/g, "");
  const scope = [time.slice(0, 8), document.querySelector("main").dataset.region, "cognito-idp", "aws4_request"];
  const headers = `host:${location.host}\nx-amz-date:${time}\n`;
  const canonical = ["GET", "/", query, headers, "host;x-amz-date", await digest("")].join("\n");
  let key = text.encode(`AWS4${find("secret").value}`);
  for (const part of scope) key = await hmac(key, part);
  const signature = hex(await hmac(key, ["AWS4-HMAC-SHA256", time, scope.join("/"), await digest(canonical)].join("\n")));
  const credential = `${find("key").value}/${scope.join("/")}`;
  const authorization = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host;x-amz-date, Signature=${signature}`;
  return { "x-amz-date": time, authorization };
}

function show(status, body, refused) {
  find("status").textContent = status;
  find("status").className = refused ? "refused" : "";
  find("body").textContent = body;
  find("body").hidden = !body;
}

async function send(event) {
  event.preventDefault();
  const name = find("operation").value;
  const given = Array.from(find("parameters").querySelectorAll("[name]"), (input) => [input.name, input.value]);
  const fields = [["Action", name], ...given.filter(([, value]) => value !== "")];
  const query = fields.map(([key, value]) => `${encoded(key)}=${encoded(value)}`).sort().join("&");
  show("Sending ...", "", false);
  try {
    const headers = operations.get(name).security.length ? await signed(query) : {};
    const reply = await fetch(`/?${query}`, { headers, cache: "no-store", redirect: "error" });
    show(`${reply.status} ${reply.statusText}`, JSON.stringify(await reply.json(), null, 2), !reply.ok);
  } catch (error) {
    show(String(error.message || error), "", true);
  }
}

async function start() {
  const description = await (await fetch("/_local/openapi.json")).json();
  schemas = description.components.schemas;
  for (const path of Object.values(description.paths)) operations.set(path.get.operationId, path.get);
  find("operation").append(...Array.from(operations.keys(), (name) => made("option", { value: name, textContent: name })));
  find("operation").addEventListener("change", choose);
  find("form").addEventListener("submit", send);
  choose();
}

start();
"""
