// The page: reads the data blocks, fills tiles and charts, connects filters, table and panel.

const element = (id) => document.getElementById(id);
const announce = (text) => { element('status').textContent = text; };
const data = (id) => {
  const node = element(id);
  const content = JSON.parse(node.textContent);
  node.remove();
  return content;
};

const run = data('run-data');
const end = data('end-data');
const rulesByID = new Map(run.rules.map((rule) => [rule.id, rule]));
function ruleTitle(id) { return rulesByID.get(id)?.title ?? id; }

const blocks = Array.from(document.querySelectorAll('script.findings-data'));
const findings = new Findings(blocks.reduce((sum, block) => sum + Number(block.dataset.count), 0));
const filters = { severities: new Set(), effect: -1, state: -1, rule: -1, attribute: -1, objectClass: -1, domain: -1, below: null, isFolded: true, terms: [] };
const narrow = matchMedia('(max-width: 1000px)');
const MOST_PRINTED_ROWS = 50;
let sort = null;
let selected = new Uint32Array(0);
let bars = [];

const columns = [
  {
    id: 'severity', title: 'Severity', width: '104px', least: 104, isShown: true, key: (index) => 2 - findings.severity[index],
    cell: (cell, index) => {
      const severity = SEVERITIES[findings.severity[index]];
      cell.append(badge(`severity ${severity}`, SEVERITY_NAMES[severity]));
    },
  },
  {
    id: 'state', title: 'State', width: '112px', least: 112, isShown: false, key: (index) => findings.state[index],
    cell: (cell, index) => {
      const state = STATES[findings.state[index]];
      if (state) cell.append(badge(`state ${state}`, STATE_NAMES[state]));
    },
  },
  {
    id: 'object', title: 'Object', width: 'minmax(150px, 1.3fr)', least: 150, isShown: true, key: (index) => findings.dn(index).toLowerCase(),
    cell: (cell, index) => {
      const dn = findings.dn(index);
      const [name, parent] = splitName(dn);
      cell.append(make('span', 'name', textNodes(name, 60)), make('span', 'parent', textNodes(parent, 80)));
    },
  },
  {
    id: 'attribute', title: 'Attribute', width: '146px', least: 146, isShown: true, key: (index) => findings.attributeName(index).toLowerCase(),
    cell: (cell, index) => cell.append(textNodes(findings.attributeName(index))),
  },
  {
    id: 'value', title: 'Value', width: 'minmax(170px, 1.7fr)', least: 170, isShown: true, key: (index) => plainText(findings.get(index, 'value')).toLowerCase(),
    cell: (cell, index) => {
      const value = findings.get(index, 'value');
      if (value === 0) cell.append(make('span', 'quiet', 'no value'));
      else cell.append(valueNodes(value, findings.get(index, 'spans') || null, 90));
    },
  },
  {
    id: 'rule', title: 'Finding', width: 'minmax(170px, 1.7fr)', least: 170, isShown: true, key: (index) => ruleTitle(findings.ruleID(index)).toLowerCase(),
    cell: (cell, index) => cell.append(textNodes(ruleTitle(findings.ruleID(index)), 120)),
  },
  {
    id: 'effect', title: 'Effect', width: '112px', least: 112, isShown: true, key: (index) => findings.effect[index],
    cell: (cell, index) => {
      const effect = EFFECTS[findings.effect[index]];
      cell.append(effect);
      cell.title = EFFECT_MEANINGS[effect];
    },
  },
  {
    id: 'message', title: 'Message', width: 'minmax(200px, 2fr)', least: 200, isShown: false, key: (index) => findings.get(index, 'message').toLowerCase(),
    cell: (cell, index) => cell.append(textNodes(findings.get(index, 'message'), 160)),
  },
  {
    id: 'suggestion', title: 'Suggestion', width: 'minmax(150px, 1.3fr)', least: 150, isShown: true,
    key: (index) => suggestionText(index).toLowerCase(),
    cell: (cell, index) => cell.append(textNodes(suggestionText(index), 90)),
  },
  {
    id: 'holders', title: 'Holders', width: '88px', least: 88, isShown: false,
    key: (index) => -holderCount(index), cell: (cell, index) => cell.append(holderCount(index) > 1 ? grouped(holderCount(index)) : ''),
  },
  {
    id: 'class', title: 'Class', width: '110px', least: 110, isShown: false, key: (index) => findings.className(index).toLowerCase(),
    cell: (cell, index) => cell.append(textNodes(findings.className(index))),
  },
  {
    id: 'location', title: 'Read from', width: 'minmax(130px, 1fr)', least: 130, isShown: false, key: (index) => findings.get(index, 'line'),
    cell: (cell, index) => cell.append(textNodes(findings.location(index), 80)),
  },
];

function holderCount(index) {
  const related = findings.get(index, 'related');
  return related === 0 ? 1 : related.length + 1;
}

function suggestionText(index) {
  const suggestion = findings.get(index, 'suggestion');
  if (suggestion === 0) return '';
  return suggestion[0] === 'remove' ? 'remove the value' : plainText(suggestion[1]);
}

/** First RDN's value and the rest of a DN; commas behind a backslash belong to the name. */
function splitName(dn) {
  const match = /^[^=]*=((?:\\[\s\S]|[^,\\])*),?([\s\S]*)$/.exec(dn);
  return match ? [match[1].replace(/\\([,+"\\<>;=# ])/g, '$1'), match[2]] : [dn, ''];
}

const grid = new Grid(element('grid'), columns, { onOpen: openDetail, onSort: sortBy });

function sortBy(column) {
  if (sort?.column !== column) sort = { column, isDescending: false };
  else if (!sort.isDescending) sort = { column, isDescending: true };
  else sort = null;
  refresh();
  announce(sort ? `Sorted by ${column.title.toLowerCase()}, ${sort.isDescending ? 'descending' : 'ascending'}` : 'The gravest first');
}
