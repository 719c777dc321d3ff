// Calendar time in milliseconds since 1970, and ticks as in render/drawing/axis.py.

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
const YEAR = (146097 * DAY) / 400;
const FIRST_MONDAY = 4 * DAY;
const MONTHS = [
  "January", "February", "March", "April", "May", "June",
  "July", "August", "September", "October", "November", "December",
];
const CLOCK = [1, 5, 15, 30]
  .map((count) => count * SECOND)
  .concat([1, 5, 15, 30].map((count) => count * MINUTE))
  .concat([1, 3, 6, 12].map((count) => count * HOUR))
  .concat([DAY, 7 * DAY]);

// Days from 1970-01-01, on the proleptic Gregorian calendar, for years of any size.
function dayNumber(year, month) {
  if (month <= 2) {
    year -= 1;
    month += 12;
  }
  const leapDays = Math.floor(year / 4) - Math.floor(year / 100) + Math.floor(year / 400);
  return 365 * year + leapDays + Math.floor((153 * month - 457) / 5) + 1 - 719469;
}

export function civilDay(number) {
  const shifted = number + 719468;
  const cycle = Math.floor(shifted / 146097);
  let day = shifted - cycle * 146097;
  const leaps = Math.floor(day / 1460) - Math.floor(day / 36524) + Math.floor(day / 146096);
  let year = Math.floor((day - leaps) / 365);
  day -= 365 * year + Math.floor(year / 4) - Math.floor(year / 100);
  const month = Math.floor((5 * day + 2) / 153);
  day -= Math.floor((153 * month + 2) / 5);
  year += 400 * cycle;
  return month < 10 ? [year, month + 3, day + 1] : [year + 1, month - 9, day + 1];
}

const monthStart = (number) => {
  const year = Math.floor(number / 12);
  return dayNumber(year, number - 12 * year + 1) * DAY;
};

// How far a zone is ahead of UTC. Browsers know it to the second.
export class Zone {
  constructor(name) {
    this.name = name;
    this.known = new Map();
    this.format =
      name === "UTC"
        ? null
        : new Intl.DateTimeFormat("en", { timeZone: name, timeZoneName: "longOffset" });
  }

  ahead(instant) {
    if (!this.format || Math.abs(instant) > 8e15) return 0;
    const quarter = Math.floor(instant / (15 * MINUTE));
    if (!this.known.has(quarter)) {
      if (this.known.size > 5000) this.known.clear();
      const parts = this.format.formatToParts(quarter * 15 * MINUTE);
      const text = parts.find((part) => part.type === "timeZoneName").value;
      const found = /GMT([+-])(\d\d):(\d\d)(?::(\d\d))?/.exec(text);
      const numbers = found ? found.slice(2).map((each) => Number(each ?? 0)) : [0, 0, 0];
      const [hours, minutes, seconds] = numbers;
      const ahead = hours * HOUR + minutes * MINUTE + seconds * SECOND;
      this.known.set(quarter, found?.[1] === "-" ? -ahead : ahead);
    }
    return this.known.get(quarter);
  }

  wall(instant) {
    return instant + this.ahead(instant);
  }

  instant(wall) {
    const [before, after] = [this.ahead(wall - DAY), this.ahead(wall + DAY)];
    const first = wall - before;
    // In an hour that a clock change skips, and in the first of one that it repeats, the offset
    // from before the change counts.
    if (before === after || this.ahead(first) === before) return first;
    return this.ahead(wall - after) === after ? wall - after : first;
  }
}

export function saidYear(year) {
  const grouped = (number) => (number > 9999 ? number.toLocaleString("en") : String(number));
  if (year <= 0) return `${grouped(1 - year)} BCE`;
  return year > 99 ? grouped(year) : `${year} CE`;
}

// An instant in words, as precise as a window of some length needs.
export function said(instant, length, zone) {
  const wall = zone.wall(instant);
  const number = Math.floor(wall / DAY);
  const [year, month, day] = civilDay(number);
  if (length > 200 * YEAR) return saidYear(year);
  if (length > 5 * YEAR) return `${MONTHS[month - 1]} ${saidYear(year)}`;
  const date = `${day} ${MONTHS[month - 1]} ${saidYear(year)}`;
  return length > 4 * DAY ? date : `${date}, ${clock(wall - number * DAY)}`;
}

function clock(rest) {
  const seconds = Math.floor(rest / SECOND);
  const two = (value) => String(value).padStart(2, "0");
  const text = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}`;
  return seconds % 60 ? `${text}:${two(seconds % 60)}` : text;
}

// Ticks at the beginnings of equal units in [start, end), about `most` at most.
export function ticks(start, end, most, zone) {
  const step = stepFor((end - start) / Math.max(most, 1));
  const found = [];
  for (const wall of walls(zone.wall(start) - HOUR, zone.wall(end) + HOUR, step)) {
    const instant = zone.instant(wall);
    // Wall times that a clock change skips give way to those that exist.
    while (found.length && found.at(-1).instant >= instant) found.pop();
    if (instant >= start && instant < end) {
      found.push({ instant, label: label(wall, step), major: isMajor(wall, step) });
    }
  }
  return found;
}

function stepFor(least) {
  for (const length of CLOCK) if (length >= least) return { months: 0, length };
  for (const months of [1, 3, 6]) if ((months * YEAR) / 12 >= least) return { months };
  for (let years = 1; ; years *= 10) {
    for (const factor of [1, 2, 5]) {
      if (factor * years * YEAR >= least) return { months: 12 * factor * years };
    }
  }
}

function* walls(start, end, step) {
  if (step.months) {
    const [year, month] = civilDay(Math.floor(start / DAY));
    let number = Math.floor((12 * year + month - 1) / step.months) * step.months;
    for (; ; number += step.months) {
      // Decades and centuries BCE begin in the years 10 BCE, 100 BCE.
      const wall = monthStart(number + (step.months > 12 && number <= 0 ? 12 : 0));
      if (wall >= end) return;
      yield wall;
    }
  }
  const since = step.length > DAY ? FIRST_MONDAY : 0;
  let wall = since + Math.floor((start - since) / step.length) * step.length;
  for (; wall < end; wall += step.length) yield wall;
}

function label(wall, step) {
  const number = Math.floor(wall / DAY);
  const [year, month, day] = civilDay(number);
  if (step.months >= 12) return saidYear(year);
  const short = MONTHS[month - 1].slice(0, 3);
  if (step.months) return month === 1 ? saidYear(year) : `${short} ${saidYear(year)}`;
  const rest = wall - number * DAY;
  return rest === 0 ? `${day} ${short} ${saidYear(year)}` : clock(rest);
}

function isMajor(wall, step) {
  const number = Math.floor(wall / DAY);
  const [year, month] = civilDay(number);
  if (step.months >= 12) return (year <= 1 ? year - 1 : year) % ((step.months / 12) * 10) === 0;
  if (step.months) return month === 1;
  return wall === number * DAY && step.length < DAY;
}
