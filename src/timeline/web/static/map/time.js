// Times on the map: instants in a zone, the units that sliders move by, and dates in words.
//
// Instants to compare are microseconds since 1970 as BigInt, since a difference of one matters.
// Instants to draw are milliseconds.

const HOUR = 3600000;
const DAY = 24 * HOUR;

// The years that can be written with four digits.
export const FIRST = Date.UTC(-9998, 0, 1);
export const LAST = Date.UTC(9999, 0, 1);

/** The instant of a timestamp such as 2026-03-03T16:11:00.000000Z. */
export function instantOf(stamp) {
  const [, sign, year, rest, last] = /^([+-]?)(\d+)(-.*\.\d{3})(\d{3})Z$/.exec(stamp);
  const expanded = sign ? sign + year.padStart(6, "0") : year;
  return BigInt(Date.parse(`${expanded}${rest}Z`)) * 1000n + BigInt(last);
}

export const milliseconds = (instant) => Number(instant) / 1000;

/** A zone by its IANA name; UTC if the browser does not know it. */
export class Zone {
  constructor(name) {
    this.name = name;
    try {
      this.parts = this.formatter({
        year: "numeric",
        month: "numeric",
        day: "numeric",
        hour: "numeric",
        minute: "numeric",
        second: "numeric",
        era: "short",
        hourCycle: "h23",
      });
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      Object.assign(this, new Zone("UTC"));
    }
  }

  formatter(how) {
    return new Intl.DateTimeFormat("en-GB", { timeZone: this.name, ...how });
  }

  /** The wall time at an instant, in milliseconds as if it were UTC. */
  wall(at) {
    const read = Object.fromEntries(
      this.parts.formatToParts(at).map((each) => [each.type, each.value]),
    );
    const year = read.era.startsWith("B") ? 1 - read.year : Number(read.year);
    return wallOf(year, read.month - 1, read.day, read.hour, read.minute, read.second);
  }

  /** The instant of a wall time. */
  instant(wall) {
    let at = wall;
    for (let turn = 0; turn < 2; turn += 1) at += wall - this.wall(at);
    return at;
  }
}

/** Date.UTC, without its special treatment of the years 0 to 99. */
function wallOf(year, month, day = 1, hour = 0, minute = 0, second = 0) {
  const made = new Date(0);
  made.setUTCFullYear(year, month, day);
  made.setUTCHours(hour, minute, second, 0);
  return made.getTime();
}

// For each unit: the number of the one that contains an instant, when number n begins, and the
// date that means its end. The state as of a date is the state once that date has passed.
const UNITS = {
  hour: {
    span: HOUR,
    holding: (at) => Math.floor(at / HOUR),
    begins: (n) => n * HOUR,
    edtf: (n) => `${new Date((n + 1) * HOUR - 60000).toISOString().slice(0, 16)}Z`,
    said: { day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit" },
  },
  day: {
    span: DAY,
    holding: (at, zone) => Math.floor(zone.wall(at) / DAY),
    begins: (n, zone) => zone.instant(n * DAY),
    edtf: (n) => dateText(n * DAY, 3),
    said: { day: "numeric", month: "long", year: "numeric" },
  },
  month: {
    span: 30 * DAY,
    holding: (at, zone) => {
      const wall = new Date(zone.wall(at));
      return wall.getUTCFullYear() * 12 + wall.getUTCMonth();
    },
    begins: (n, zone) => zone.instant(wallOf(Math.floor(n / 12), n - 12 * Math.floor(n / 12))),
    edtf: (n) => dateText(wallOf(Math.floor(n / 12), n - 12 * Math.floor(n / 12)), 2),
    said: { month: "long", year: "numeric" },
  },
  year: {
    span: 365 * DAY,
    holding: (at, zone) => new Date(zone.wall(at)).getUTCFullYear(),
    begins: (n, zone) => zone.instant(wallOf(n, 0)),
    edtf: (n) => dateText(wallOf(n, 0), 1),
    said: { year: "numeric" },
  },
};

/** The first `count` of year, month and day. */
function dateText(wall, parts) {
  const date = new Date(wall);
  const year = date.getUTCFullYear();
  const digits = String(Math.abs(year)).padStart(4, "0");
  const rest = [date.getUTCMonth() + 1, date.getUTCDate()].map((each) =>
    String(each).padStart(2, "0"),
  );
  return [(year < 0 ? "-" : "") + digits, ...rest].slice(0, parts).join("-");
}

/** The stops of a slider: the ends of units of one size. */
export class Stops {
  constructor(zone, span) {
    this.zone = zone;
    this.name =
      span < 6 * DAY
        ? "hour"
        : span < 4000 * DAY
          ? "day"
          : span < 400 * 365 * DAY
            ? "month"
            : "year";
    this.unit = UNITS[this.name];
    this.said = zone.formatter(this.unit.said);
  }

  /** The end of number n, in milliseconds. */
  at(n) {
    return this.unit.begins(n + 1, this.zone);
  }

  /** The stop nearest to an instant. */
  nearest(at) {
    const holding = this.unit.holding(at, this.zone);
    return this.at(holding) - at < at - this.at(holding - 1) ? holding : holding - 1;
  }

  edtf(n) {
    return this.unit.edtf(n);
  }

  /** A stop in words: the date that has passed by then. */
  words(n) {
    if (this.name === "hour") return `as of ${this.said.format(this.at(n))}`;
    const text = this.said.format(this.unit.begins(n, this.zone));
    return `at the end of ${text}${n < 0 && this.name === "year" ? " BC" : ""}`;
  }
}

const LADDER = [
  [HOUR, { hour: "2-digit", minute: "2-digit" }, "hour", 1],
  [6 * HOUR, { hour: "2-digit", minute: "2-digit" }, "hour", 6],
  [DAY, { day: "numeric", month: "short" }, "day", 1],
  [2 * DAY, { day: "numeric", month: "short" }, "day", 2],
  [7 * DAY, { day: "numeric", month: "short" }, "day", 7],
  [30 * DAY, { month: "short", year: "numeric" }, "month", 1],
  [91 * DAY, { month: "short", year: "numeric" }, "month", 3],
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000].map((years) => [
    years * 365 * DAY,
    { year: "numeric" },
    "year",
    years,
  ]),
];

/** Ticks of an axis from `since` to `until`, at most `most`, with their labels. */
export function ticks(zone, since, until, most) {
  const [, how, name, every] =
    LADDER.find(([span]) => (until - since) / span <= most) ?? LADDER.at(-1);
  const unit = UNITS[name];
  const said = zone.formatter(how);
  const found = [];
  for (let n = unit.holding(since, zone) + 1; ; n += 1) {
    if (((n % every) + every) % every) continue;
    const at = unit.begins(n, zone);
    if (at > until) return found;
    found.push({ at, text: said.format(at) });
  }
}
