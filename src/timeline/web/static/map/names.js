// The names of the entities on a map; entities without a name are shown by their slugs.

// How many are requested at once, and how many at most, since a map may have thousands.
const AT_ONCE = 100;
const MOST = 500;

class Names {
  constructor(found) {
    this.found = new Map(found);
  }

  /** The name of an entity; any other value, or an entity without a name, as it is. */
  of(value) {
    return this.found.get(value) ?? String(value);
  }
}

/** The names of the entities in an answer. */
export async function namesIn({ statements, comments }) {
  const named = statements.flatMap(({ subject, value }) => [subject, value]);
  const slugs = [...named, ...comments.map(({ speaker }) => speaker)];
  const asked = [...new Set(slugs.filter((each) => typeof each === "string"))].slice(0, MOST);
  const found = [];
  for (let first = 0; first < asked.length; first += AT_ONCE) {
    const query = asked.slice(first, first + AT_ONCE).map((slug) => ["slug", slug]);
    const response = await fetch(`/names?${new URLSearchParams(query)}`);
    if (!response.ok) break;
    found.push(...Object.entries(await response.json()));
  }
  return new Names(found);
}
