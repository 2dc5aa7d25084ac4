// Fastify with better-sqlite3 on write-ahead SQLite with full sync. Each submission is one commit, the usual way; with
// `--grouped` those of one turn of the event loop share one, as somebody who has measured it would write by hand.

import { COLUMNS, load, serve, table } from "./collector.mjs";

const database = new (load("better-sqlite3"))(process.env.PEER_DATABASE);
database.pragma("journal_mode = wal");
database.pragma("synchronous = full");
database.exec(table("integer primary key", "text"));

const insert = database.prepare(
  `insert into feedback (${COLUMNS}) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing`,
);
const earlier = database.prepare("select question from feedback where site_id = ? and submission_id = ?").pluck();

function store(row) {
  return insert.run(row).changes ? row[8] : earlier.get(row[0], row[1]);
}

let waiting = [];
const storeAll = database.transaction((group) => group.map(({ row }) => store(row)));

function flush() {
  const group = waiting;
  waiting = [];
  try {
    const stored = storeAll.immediate(group);
    group.forEach(({ resolve }, at) => resolve(stored[at]));
  } catch (error) {
    group.forEach(({ reject }) => reject(error));
  }
}

function storeGrouped(row) {
  return new Promise((resolve, reject) => {
    if (waiting.push({ row, resolve, reject }) === 1) setImmediate(flush);
  });
}

await serve(process.argv.includes("--grouped") ? storeGrouped : store);
