// Emmett with its SQLite store: appends to story streams, and one stream an entity that is
// read and folded for a question. Commands are lines of JSON; answers begin with `answer `,
// as the store prints lines of its own. Times are in milliseconds and leave out the way here.
import { createInterface } from "node:readline";
import { createRequire } from "node:module";
import { createReadStream } from "node:fs";
import { performance } from "node:perf_hooks";

const [, , modules, fileName] = process.argv;
const require = createRequire(`${modules}/package.json`);
const { getSQLiteEventStore } = require("@event-driven-io/emmett-sqlite");
const store = getSQLiteEventStore({ fileName, schema: { autoMigration: "CreateOrUpdate" } });

// The most events of one append: each takes several parameters of one statement.
const MOST = 1000;

const effects = {
  joined: (c) => [["begin", c.person, "member-of", c.organisation, c.role ?? ""]],
  departed: (c) => [["end", c.person, "member-of", c.organisation, c.role ?? ""]],
  appointed: (c) => [["become", c.person, "member-of", c.organisation, c.role]],
  merged: (c) => c.organisations.map((each) => ["set", each, "part-of", c.into, ""]),
  released: (c) => [["begin", c.product, "released-by", c.organisation, ""]],
  commented: () => [],
};

const closes = (act, other) => {
  const [kind, , , value, role] = act;
  if (kind === "end") return value === other[2] && (role === "" || role === other[3]);
  if (kind === "become") return value === other[2] && role !== other[3];
  return kind === "set" && value !== other[2];
};

async function actsOf(entity, known) {
  const { events } = await store.readStream(entity);
  const reading = new Map();
  for (const { data } of events) if (data.position <= known) reading.set(data.happening, data);
  const acts = [];
  for (const { content, place } of reading.values())
    if (content)
      for (const act of effects[content.type](content))
        acts.push([...act, Date.parse(content.when), place]);
  return acts;
}

async function ask({ entity, at, known }) {
  const acts = await actsOf(entity, known);
  const subjects = new Set(acts.filter((act) => act[0] === "set" && act[3] === entity).map((act) => act[1]));
  subjects.delete(entity);
  for (const subject of subjects)
    acts.push(...(await actsOf(subject, known)).filter((act) => act[0] === "set" && act[1] === subject && act[3] !== entity));
  const shelves = new Map();
  for (const act of acts) {
    const shelf = JSON.stringify([act[1], act[2], act[0] === "set" ? "" : act[3]]);
    if (!shelves.has(shelf)) shelves.set(shelf, []);
    shelves.get(shelf).push(act);
  }
  const found = [];
  for (const shelf of shelves.values()) {
    shelf.sort((a, b) => a[5] - b[5] || a[6] - b[6]);
    const held = new Map();
    for (const act of shelf) {
      if (act[5] >= at) break;
      for (const [key, statement] of held) if (closes(act, statement)) held.delete(key);
      if (act[0] !== "end") held.set(JSON.stringify(act.slice(1, 5)), act.slice(1, 5));
    }
    found.push(...held.values());
  }
  return found.filter((each) => each[0] === entity || each[2] === entity);
}

async function load({ path }) {
  let stream = null;
  let events = [];
  const flush = async () => {
    for (let from = 0; from < events.length; from += MOST)
      await store.appendToStream(stream, events.slice(from, from + MOST));
    events = [];
  };
  // Lines come stream by stream.
  for await (const line of createInterface({ input: createReadStream(path) })) {
    const [entity, position, place, happening, content] = JSON.parse(line);
    if (entity !== stream) await flush();
    stream = entity;
    events.push({ type: "Told", data: { position, place, happening, content } });
  }
  await flush();
}

async function append({ stream, records }) {
  await store.appendToStream(
    stream,
    records.map((data) => ({ type: "Recorded", data })),
  );
}

const commands = { load, append, ask };

for await (const line of createInterface({ input: process.stdin })) {
  const { command, ...given } = JSON.parse(line);
  let answer;
  const start = performance.now();
  try {
    const found = await commands[command](given);
    answer = { milliseconds: performance.now() - start, found };
  } catch (error) {
    answer = { error: `${error.message ?? error}` };
  }
  process.stdout.write(`answer ${JSON.stringify(answer)}\n`);
}
await store.close();
