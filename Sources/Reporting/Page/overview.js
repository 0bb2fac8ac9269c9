// What stands above the table: what was read, how much was found, of what kind, and how it went before.

const MOST_RULES_SHOWN = 7;
const MOST_PLACES_SHOWN = 8;

/** `2026-11-24 02:00 UTC`. */
function shortTime(iso) { return iso.replace('T', ' ').replace(/:\d\dZ$/, ' UTC'); }

function plainTitle(text) { return text.replace(new RegExp(HIDDEN.source, 'gu'), '\uFFFD').slice(0, 120); }

function tile(label, count, kind, hint) {
  return make('div', `tile ${kind}`, make('span', 'tile-count', grouped(count)), make('span', 'tile-label', label), make('span', 'tile-hint', hint));
}

function tileButton(label, count, kind, hint, act) {
  const button = make('button', `tile ${kind}`, make('span', 'tile-count', grouped(count)), make('span', 'tile-label', label), make('span', 'tile-hint', hint));
  button.type = 'button';
  button.setAttribute('aria-pressed', 'false');
  button.addEventListener('click', act);
  return button;
}

/** The tiles are in the page already; those of severities become buttons that filter. */
function connectTiles() {
  for (const tile of document.querySelectorAll('#tiles [data-severity]')) {
    const number = Number(tile.dataset.severity);
    const button = make('button', tile.className, ...tile.childNodes);
    button.type = 'button';
    button.dataset.severity = String(number);
    button.setAttribute('aria-pressed', 'false');
    button.addEventListener('click', () => {
      if (filters.severities.has(number)) filters.severities.delete(number);
      else filters.severities.add(number);
      fromTheTop();
    });
    tile.replaceWith(button);
  }
  fillStates();
}

function fillStates() {
  if (!findings.hasStates) return;
  const hints = {
    'new': 'not in any earlier run', 'known': 'in the last run, too', 'returned': 'was gone before',
    'gone': 'no longer found', 'suppressed': 'with a reason, by somebody', 'expired-suppression': 'acceptance, to be decided again',
  };
  const counts = findings.tally(findings.state, STATES);
  const tiles = STATES.map((state, number) => [state, number, counts[number]])
    .filter(([state, , count]) => count > 0 || state === 'new' || state === 'gone')
    .map(([state, number, count]) => {
      const button = tileButton(STATE_NAMES[state], count, `state-${state}`, hints[state], () => choose('state', number));
      button.dataset.state = String(number);
      return button;
    });
  element('states').replaceChildren(...tiles);
  element('states').hidden = false;
  const column = columns.find((column) => column.id === 'state');
  if (!narrow.matches) column.isShown = true;
}

function fillCharts() {
  const effects = EFFECTS.map((effect, number) => ({
    label: effect, remark: EFFECT_MEANINGS[effect], count: end.counts.byEffect[effect], kind: `effect-${effect}`, hint: EFFECT_MEANINGS[effect],
    choose: () => choose('effect', number), isChosen: () => filters.effect === number,
  })).filter((item) => item.count > 0);
  const severityOf = new Map();
  for (let index = 0; index < findings.count; index += 1) {
    const rule = findings.rule[index];
    severityOf.set(rule, Math.max(severityOf.get(rule) ?? 0, findings.severity[index]));
  }
  const rules = findings.rules.list.map((id, number) => ({
    label: plainTitle(ruleTitle(id)), count: Object.hasOwn(end.counts.byRule, id) ? end.counts.byRule[id] : 0, kind: SEVERITIES[severityOf.get(number) ?? 0], hint: id,
    choose: () => choose('rule', number), isChosen: () => filters.rule === number,
  })).sort((left, right) => right.count - left.count || (left.hint < right.hint ? -1 : 1));
  const shown = rules.slice(0, MOST_RULES_SHOWN);
  element('chart-effects').replaceChildren(barList(effects));
  element('chart-rules').replaceChildren(barList(shown));
  element('chart-rules-title').textContent = rules.length > MOST_RULES_SHOWN ? `Most frequent of ${rules.length} rules` : 'By rule';
  element('charts').hidden = findings.count === 0 && run.trend.length === 0;
  bars = [...effects, ...shown, ...fillDomains()];
  fillTrend();
}

/** The domains of the values that findings are about, most first. */
function fillDomains() {
  const counts = new Uint32Array(findings.domains.list.length);
  for (let index = 0; index < findings.count; index += 1) {
    if (!findings.isInformation(index)) counts[findings.domain[index]] += 1;
  }
  const domains = findings.domains.list.map((name, number) => ({
    label: plainTitle(name), count: counts[number], kind: 'place', hint: plainTitle(name),
    choose: () => choose('domain', number), isChosen: () => filters.domain === number,
  })).filter((item, number) => findings.domains.list[number] !== '' && item.count > 0)
    .sort((left, right) => right.count - left.count).slice(0, MOST_PLACES_SHOWN);
  element('domains-box').hidden = domains.length < 2;
  element('chart-domains').replaceChildren(barList(domains));
  return domains;
}

/** The containers one step below the chosen one, and the way back up. */
function showContainers() {
  const rows = findings.select({ ...filters, below: null }, false);
  let below = filters.below ?? '';
  let counts = findings.tallyBelow(below, rows);
  // Where there is one way down only, it is gone at once.
  while (filters.below === null && counts.size === 1 && !counts.has(below)) {
    [below] = counts.keys();
    counts = findings.tallyBelow(below, rows);
  }
  const items = Array.from(counts, ([name, count]) => ({
    label: name === below ? 'directly here' : plainTitle(below === '' ? name : name.slice(0, -below.length - 1)), count, kind: 'place', hint: plainTitle(name),
    choose: () => { if (name !== below) lookBelow(name); }, isChosen: () => false,
  })).sort((left, right) => right.count - left.count);
  element('containers-box').hidden = findings.count === 0 || below === '' && findings.containers.list.length < 2;
  element('chart-containers').replaceChildren(barList(items.slice(0, MOST_PLACES_SHOWN)));
  const path = [];
  const step = (title, name) => {
    const button = make('button', 'plain step', title);
    button.type = 'button';
    button.addEventListener('click', () => lookBelow(name));
    path.push(button);
  };
  if (filters.below !== null) step('All', null);
  if (below !== '') path.push(make('span', 'dn', textNodes(below, 200)));
  if (items.length > MOST_PLACES_SHOWN) path.push(make('span', 'quiet', `${MOST_PLACES_SHOWN} of ${counted(items.length, 'place', 'places')}`));
  element('container-path').replaceChildren(...path);
}

function lookBelow(name) {
  filters.below = name;
  fromTheTop();
}

function fillTrend() {
  if (run.trend.length === 0) return;
  const points = run.trend.map((point) => ({ ...point, label: point.finishedAt.slice(0, 10), isComplete: point.complete }));
  points.push({ ...end.counts.bySeverity, total: end.counts.total, label: 'this run', isComplete: end.coverage.complete });
  element('chart-trend').replaceChildren(trendChart(points));
  element('trend-box').hidden = false;
  element('partial-key').hidden = points.every((point) => point.isComplete);
}
