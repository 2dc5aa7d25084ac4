// What both Fastify peers share: the schema, the site with its rules, the route. Each brings its own way to store.
//
// The site and its rules are kept in memory, as ours are: a peer that looks them up for each request would be slower.

import { createRequire } from "node:module";
import { join } from "node:path";

// The packages are installed in a folder of their own (PEER_PACKAGES), where an import would not look.
export const load = createRequire(join(process.env.PEER_PACKAGES, "package.json"));

const PORT = Number(process.env.PEER_PORT);
const SEGMENTS = ["detractor", "passive", "promoter"];
const RULES = SEGMENTS.flatMap((segment) =>
  [null, "usability", "price"].map((category) => ({ segment, category, question: `${segment}, ${category}?` })),
);
const SITES = new Map([["peer", { id: 1, origins: new Set([`http://127.0.0.1:${PORT}`]), rules: RULES }]]);

const BODY = {
  type: "object",
  required: ["id", "score", "page"],
  additionalProperties: false,
  properties: {
    id: { type: "string", format: "uuid" },
    score: { type: "integer", minimum: 0, maximum: 10 },
    category: { type: ["string", "null"], maxLength: 40, default: null },
    comment: { type: "string", maxLength: 4000, default: "" },
    page: { type: "string", format: "uri", maxLength: 2048 },
    language: { type: "string", maxLength: 35, default: "en" },
  },
};
const RECEIPT = {
  type: "object",
  properties: { id: { type: "string" }, question: { type: ["string", "null"] } },
};

function segmentOf(score) {
  return score > 8 ? "promoter" : score > 6 ? "passive" : "detractor";
}

function pick(rules, segment, category) {
  const fitting = rules.filter((rule) => rule.segment === segment);
  return (fitting.find((rule) => rule.category === category) ?? fitting[0])?.question ?? null;
}

/** Serves submissions. `store(row)` answers, or promises, the question that is stored: for a repeat, the first one. */
export async function serve(store) {
  const app = load("fastify")({ logger: false });
  const schema = { body: BODY, response: { 201: RECEIPT } };
  app.post("/sites/:key/responses", { schema }, async (request, reply) => {
    const site = SITES.get(request.params.key);
    if (!site) return reply.code(404).send({ error: "unknown site" });
    const origin = request.headers.origin;
    if (!site.origins.has(origin)) return reply.code(403).send({ error: "origin not allowed" });
    const { id, score, category, comment, page, language } = request.body;
    const segment = segmentOf(score);
    const question = pick(site.rules, segment, category);
    const row = [site.id, id, score, segment, category, comment, page, language, question, new Date().toISOString()];
    const stored = await store(row);
    reply.headers({ "access-control-allow-origin": origin, vary: "Origin" });
    return reply.code(201).send({ id, question: stored });
  });
  await app.listen({ host: "127.0.0.1", port: PORT });
  for (const signal of ["SIGTERM", "SIGINT"]) process.once(signal, () => process.exit(0));
}

/** The table, in the words of either database. */
export const table = (key, time) => `
  create table if not exists feedback (
    id ${key}, site_id integer not null, submission_id text not null, score integer not null, segment text not null,
    category text, comment text not null, page text not null, language text not null, question text,
    created_at ${time} not null, unique (site_id, submission_id))`;

export const COLUMNS =
  "site_id, submission_id, score, segment, category, comment, page, language, question, created_at";
