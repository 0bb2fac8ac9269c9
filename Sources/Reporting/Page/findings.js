// The findings in memory: one typed array for each thing to filter by, one list of records for everything else.

const SEVERITIES = ['info', 'warning', 'error'];
const EFFECTS = ['blocked', 'dropped', 'altered', 'quarantined', 'degraded', 'advice'];
const CERTAINTIES = ['documented', 'observed', 'inferred'];
const STATES = ['new', 'known', 'returned', 'gone', 'suppressed', 'expired-suppression'];
const NO_STATE = 255;

const EFFECT_MEANINGS = {
  blocked: 'the object does not arrive',
  dropped: 'the value is left out, without an error',
  altered: 'the value arrives changed',
  quarantined: 'kept back until a conflict is resolved',
  degraded: 'arrives, but something does not work',
  advice: 'nothing breaks',
};

const STATE_NAMES = {
  'new': 'New', 'known': 'Known', 'returned': 'Returned', 'gone': 'Gone', 'suppressed': 'Accepted',
  'expired-suppression': 'Expired',
};

const SEVERITY_NAMES = { error: 'Error', warning: 'Warning', info: 'Info' };

// Positions in a record, in the order in which the program writes them.
const RECORD = {
  rule: 0, severity: 1, effect: 2, certainty: 3, state: 4, dn: 5, guid: 6, objectClass: 7, attribute: 8, value: 9,
  valueIndex: 10, spans: 11, message: 12, suggestion: 13, source: 14, line: 15, column: 16, related: 17, fingerprint: 18,
  firstSeen: 19, suppression: 20,
};

/** A list of distinct texts with their numbers. */
class Names {
  constructor() {
    this.list = [];
    this.numbers = new Map();
  }

  number(name) {
    let number = this.numbers.get(name);
    if (number === undefined) {
      number = this.list.length;
      this.list.push(name);
      this.numbers.set(name, number);
    }
    return number;
  }
}

class Findings {
  constructor(capacity) {
    this.count = 0;
    this.capacity = capacity;
    this.severity = new Uint8Array(capacity);
    this.effect = new Uint8Array(capacity);
    this.state = new Uint8Array(capacity);
    this.rule = new Uint32Array(capacity);
    this.attribute = new Uint32Array(capacity);
    this.objectClass = new Uint32Array(capacity);
    this.source = new Uint32Array(capacity);
    this.container = new Uint32Array(capacity);
    this.domain = new Uint32Array(capacity);
    this.records = [];
    this.rules = new Names();
    this.attributes = new Names();
    this.classes = new Names();
    this.sources = new Names();
    this.containers = new Names();
    this.domains = new Names();
    this.facts = new Map();
    this.hasStates = run.hasStates;
    this.entries = new Set();
    this.gone = 0;
    this.information = 0;
    this.searchTexts = [];
    this.ranks = new Map();
  }

  /** Takes the findings of one block of the page. */
  add(block) {
    const rules = block.rules.map((name) => this.rules.number(name));
    const attributes = block.attributes.map((name) => this.attributes.number(name));
    const classes = block.classes.map((name) => this.classes.number(name));
    const sources = block.sources.map((name) => this.sources.number(name));
    for (const [codePoint, name] of block.characters) characterNames.set(codePoint, name);
    for (const [number, name] of block.attributes.entries()) this.facts.set(name, block.facts[number]);
    let dn = '';
    let container = 0;
    for (const record of block.findings) {
      const index = this.count;
      this.count += 1;
      if (record[RECORD.dn] === 0) record[RECORD.dn] = dn;
      else {
        dn = record[RECORD.dn];
        container = this.containers.number(parentOf(plainText(dn)));
      }
      this.container[index] = container;
      this.domain[index] = this.domains.number(domainOf(record[RECORD.value]));
      this.severity[index] = record[RECORD.severity];
      this.effect[index] = record[RECORD.effect];
      if (record[RECORD.severity] === 0) this.information += 1;
      this.state[index] = record[RECORD.state] < 0 ? NO_STATE : record[RECORD.state];
      this.rule[index] = rules[record[RECORD.rule]];
      this.attribute[index] = attributes[record[RECORD.attribute]];
      this.objectClass[index] = classes[record[RECORD.objectClass]];
      this.source[index] = sources[record[RECORD.source]];
      if (record[RECORD.related] !== 0) {
        for (const holder of record[RECORD.related]) holder[5] = sources[holder[5]];
      }
      if (STATES[this.state[index]] === 'gone') this.gone += 1;
      else this.entries.add(plainText(dn));
      this.records.push(record);
    }
  }

  get(index, field) { return this.records[index][RECORD[field]]; }
  dn(index) { return plainText(this.get(index, 'dn')); }
  ruleID(index) { return this.rules.list[this.rule[index]]; }
  attributeName(index) { return this.attributes.list[this.attribute[index]]; }
  className(index) { return this.classes.list[this.objectClass[index]]; }
  sourceName(index) { return this.sources.list[this.source[index]]; }

  /** What is known of an attribute: whether it has several values, whether they are addresses, or name an account. */
  factsOf(name) {
    const code = this.facts.get(name) ?? 0;
    return { isMultivalued: (code & 1) !== 0, isAddress: (code & 2) !== 0, isAccount: (code & 4) !== 0 };
  }

  isInformation(index) { return this.severity[index] === 0; }

  /** What matters most comes first: news, then what is loud, then what happens; what is accepted or gone comes last. */
  gravityOf(index) {
    const state = STATES[this.state[index]];
    const standing = state === 'gone' ? 3 : state === 'suppressed' ? 2 : state === 'known' ? 1 : 0;
    return (standing * 4 + 2 - this.severity[index]) * 8 + this.effect[index];
  }

  location(index) {
    return place(this.sourceName(index), this.get(index, 'line'), this.get(index, 'column'));
  }

  /** What searching looks at, in lower case; made once. */
  searchText(index) {
    const known = this.searchTexts[index];
    if (known !== undefined) return known;
    const suggestion = this.get(index, 'suggestion');
    const parts = [
      this.dn(index), plainText(this.get(index, 'value')), this.get(index, 'message'), this.ruleID(index),
      ruleTitle(this.ruleID(index)), this.attributeName(index), this.get(index, 'guid') || '', this.get(index, 'fingerprint'),
      suggestion === 0 ? '' : plainText(suggestion[1]),
    ];
    const related = this.get(index, 'related');
    for (const holder of related === 0 ? [] : related) parts.push(plainText(holder[0]), plainText(holder[4]));
    const text = parts.join('\n').toLowerCase();
    this.searchTexts[index] = text;
    return text;
  }

  /** Numbers of the findings that pass the filters, in the order wanted; with `false` in any. */
  select(filters, sort) {
    const { severities, effect, state, rule, attribute, objectClass, domain, below, isFolded, terms } = filters;
    const inside = below === null ? null : this.insideOf(below);
    const folds = isFolded && severities.size === 0;
    const found = new Uint32Array(this.count);
    let length = 0;
    for (let index = 0; index < this.count; index += 1) {
      if (severities.size > 0 && !severities.has(this.severity[index])) continue;
      if (effect >= 0 && this.effect[index] !== effect) continue;
      if (state >= 0 && this.state[index] !== state) continue;
      if (rule >= 0 && this.rule[index] !== rule) continue;
      if (attribute >= 0 && this.attribute[index] !== attribute) continue;
      if (objectClass >= 0 && this.objectClass[index] !== objectClass) continue;
      if (domain >= 0 && this.domain[index] !== domain) continue;
      if (inside && inside[this.container[index]] === 0) continue;
      if (folds && this.isInformation(index)) continue;
      if (terms.length > 0) {
        const text = this.searchText(index);
        if (!terms.every((term) => text.includes(term))) continue;
      }
      found[length] = index;
      length += 1;
    }
    const selected = found.subarray(0, length);
    if (sort === false) return selected;
    const ranks = this.ranksOf(sort?.column ?? GRAVITY);
    const direction = sort?.isDescending ? -1 : 1;
    selected.sort((left, right) => (ranks[left] - ranks[right]) * direction || left - right);
    return selected;
  }

  /** For each container whether it is below a name, or is it. */
  insideOf(name) {
    return Uint8Array.from(this.containers.list, (container) => Number(container === name || container.endsWith(`,${name}`)));
  }

  /** How many findings are below each of the containers that lie directly below a name; those in it stand under the name. */
  tallyBelow(name, rows) {
    const keys = this.containers.list.map((container) => stepBelow(container, name));
    const counts = new Map();
    for (const index of rows) {
      const key = keys[this.container[index]];
      if (key !== null) counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    return counts;
  }

  /** The place of each finding in the order of a column; made once for each column. */
  ranksOf(column) {
    const known = this.ranks.get(column.id);
    if (known && known.length === this.count) return known;
    const keys = [];
    for (let index = 0; index < this.count; index += 1) keys.push(column.key(index));
    const ranks = new Float64Array(this.count);
    if (typeof keys[0] === 'number') ranks.set(keys);
    else {
      const texts = Array.from(new Set(keys)).sort();
      const places = new Map(texts.map((text, position) => [text, position]));
      for (let index = 0; index < this.count; index += 1) ranks[index] = places.get(keys[index]);
    }
    this.ranks.set(column.id, ranks);
    return ranks;
  }

  /** The severity of the loudest finding of a rule; -1 where it has none. */
  loudestOf(rule) {
    let loudest = -1;
    for (let index = 0; index < this.count; index += 1) {
      if (this.rule[index] === rule) loudest = Math.max(loudest, this.severity[index]);
    }
    return loudest;
  }

  /** Numbers of the other findings of an object, the gravest first. */
  othersOf(index) {
    if (!this.byObject) {
      this.byObject = new Map();
      for (let place = 0; place < this.count; place += 1) {
        const dn = this.dn(place);
        if (this.byObject.has(dn)) this.byObject.get(dn).push(place);
        else this.byObject.set(dn, [place]);
      }
    }
    const all = this.byObject.get(this.dn(index)) ?? [];
    return all.filter((place) => place !== index).sort((left, right) => this.gravityOf(left) - this.gravityOf(right));
  }

  /** How many findings each name of a column has. */
  tally(column, names) {
    const counts = new Uint32Array(names.length);
    for (let index = 0; index < this.count; index += 1) {
      if (column[index] < names.length) counts[column[index]] += 1;
    }
    return counts;
  }
}

/** The order in which findings stand when no column is sorted by. */
const GRAVITY = { id: 'gravity', key: (index) => findings.gravityOf(index) };

/** What stands in a DN behind its first name, in lower case; commas behind a backslash belong to a name. */
function parentOf(dn) {
  const match = /^(?:\\[\s\S]|[^,\\])*,([\s\S]*)$/.exec(dn);
  return match ? match[1].toLowerCase() : '';
}

/** The part of a container that lies one name below another; null where it is not below it, the name where it is that. */
function stepBelow(container, name) {
  if (container === name) return name;
  const rest = name === '' ? container : container.endsWith(`,${name}`) ? container.slice(0, -name.length - 1) : null;
  if (rest === null) return null;
  const last = /(?:^|,)((?:\\[\s\S]|[^,\\])*)$/.exec(rest);
  // The domain is one step, however many names it has.
  const domain = name === '' ? /(?:^|,)(dc=(?:\\[\s\S]|[^,\\])*(?:,dc=(?:\\[\s\S]|[^,\\])*)*)$/.exec(rest) : null;
  const step = domain ? domain[1] : last ? last[1] : rest;
  return name === '' ? step : `${step},${name}`;
}

/** The domain of an address, in lower case; empty for other values. */
function domainOf(value) {
  if (value === 0) return '';
  const match = /@([^@\s]+)\s*$/.exec(plainText(value).slice(-300));
  return match ? match[1].toLowerCase() : '';
}

/** `export.ldif:120:17`, as far as known. */
function place(source, line, column) {
  return [source, line, column].filter((part) => part !== 0).join(':');
}

const numbers = new Intl.NumberFormat('en');
function grouped(number) { return numbers.format(number); }
function counted(count, one, many) { return `${grouped(count)} ${count === 1 ? one : many}`; }
