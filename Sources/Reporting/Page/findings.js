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
    this.records = [];
    this.rules = new Names();
    this.attributes = new Names();
    this.classes = new Names();
    this.sources = new Names();
    this.hasStates = run.hasStates;
    this.entries = new Set();
    this.gone = 0;
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
    let dn = '';
    for (const record of block.findings) {
      const index = this.count;
      this.count += 1;
      if (record[RECORD.dn] === 0) record[RECORD.dn] = dn;
      else dn = record[RECORD.dn];
      this.severity[index] = record[RECORD.severity];
      this.effect[index] = record[RECORD.effect];
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

  /** Numbers of the findings that pass the filters, in the order wanted. */
  select(filters, sort) {
    const { severities, effect, state, rule, attribute, objectClass, terms } = filters;
    const found = new Uint32Array(this.count);
    let length = 0;
    for (let index = 0; index < this.count; index += 1) {
      if (severities.size > 0 && !severities.has(this.severity[index])) continue;
      if (effect >= 0 && this.effect[index] !== effect) continue;
      if (state >= 0 && this.state[index] !== state) continue;
      if (rule >= 0 && this.rule[index] !== rule) continue;
      if (attribute >= 0 && this.attribute[index] !== attribute) continue;
      if (objectClass >= 0 && this.objectClass[index] !== objectClass) continue;
      if (terms.length > 0) {
        const text = this.searchText(index);
        if (!terms.every((term) => text.includes(term))) continue;
      }
      found[length] = index;
      length += 1;
    }
    const selected = found.subarray(0, length);
    if (sort) {
      const ranks = this.ranksOf(sort.column);
      const direction = sort.isDescending ? -1 : 1;
      selected.sort((left, right) => (ranks[left] - ranks[right]) * direction || left - right);
    }
    return selected;
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

  /** How many findings each name of a column has. */
  tally(column, names) {
    const counts = new Uint32Array(names.length);
    for (let index = 0; index < this.count; index += 1) {
      if (column[index] < names.length) counts[column[index]] += 1;
    }
    return counts;
  }
}

/** `export.ldif:120:17`, as far as known. */
function place(source, line, column) {
  return [source, line, column].filter((part) => part !== 0).join(':');
}

const numbers = new Intl.NumberFormat('en');
function grouped(number) { return numbers.format(number); }
function counted(count, one, many) { return `${grouped(count)} ${count === 1 ? one : many}`; }
