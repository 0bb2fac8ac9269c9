// What stands above the table: what was read, how much was found, of what kind, and how it went before.

const MOST_RULES_SHOWN = 7;

function fillHead() {
  const facts = [];
  const sources = run.sources.length > 3 ? [...run.sources.slice(0, 3), `${run.sources.length - 3} more`] : run.sources;
  facts.push(make('span', 'sources', textNodes(sources.join(', '))));
  facts.push(make('span', '', 'rule set ', textNodes(run.ruleSet)));
  if (run.startedAt) {
    const time = make('time', '', shortTime(run.startedAt));
    time.dateTime = run.startedAt;
    facts.push(time);
  }
  facts.push(make('span', '', `dirsync-lint ${run.version}`));
  element('facts').replaceChildren(...facts);
  document.title = `${counted(end.counts.total, 'finding', 'findings')} – ${plainTitle(run.sources.join(', '))}`;
}

/** `2026-11-24 02:00 UTC`. */
function shortTime(iso) { return iso.replace('T', ' ').replace(/:\d\dZ$/, ' UTC'); }

function plainTitle(text) { return text.replace(new RegExp(HIDDEN.source, 'gu'), '\uFFFD').slice(0, 120); }

function fillCoverage() {
  const box = element('coverage');
  box.classList.add(end.coverage.complete ? 'complete' : 'partial');
  element('verdict').textContent = end.verdict;
  const lines = end.coverage.lines.map((line) => make('li', '', textNodes(line, 2000)));
  element('coverage-lines').replaceChildren(...lines);
  if (end.omitted > 0) {
    element('omitted').hidden = false;
    element('omitted').textContent = `This page holds the first ${grouped(findings.capacity)} findings; `
      + `${grouped(end.omitted)} more are in the counts above the table only. The other formats have all of them.`;
  }
}

function fillCauses() {
  element('causes').hidden = run.causes.length === 0;
  element('cause-lines').replaceChildren(...run.causes.map((line) => make('li', '', textNodes(line, 2000))));
}

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

function fillTiles() {
  const tiles = [tile('Findings', end.counts.total, 'total', `in ${counted(findings.entries.size, 'object', 'objects')}`)];
  const hints = { error: 'something breaks or is lost', warning: 'something may go wrong', info: 'worth knowing' };
  const labels = { error: 'Errors', warning: 'Warnings', info: 'Information' };
  for (const severity of ['error', 'warning', 'info']) {
    const number = SEVERITIES.indexOf(severity);
    const button = tileButton(labels[severity], end.counts.bySeverity[severity], severity, hints[severity], () => {
      if (filters.severities.has(number)) filters.severities.delete(number);
      else filters.severities.add(number);
      grid.active = 0;
      refresh();
    });
    button.dataset.severity = String(number);
    tiles.push(button);
  }
  tiles.push(tile('Objects judged', end.coverage.entriesJudged, 'read', `of ${grouped(end.coverage.entriesInSource)} in the source`));
  element('tiles').replaceChildren(...tiles);
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
  for (const id of ['effects-box', 'rules-box']) element(id).hidden = findings.count === 0;
  bars = [...effects, ...shown];
  fillTrend();
}

function fillTrend() {
  if (run.trend.length === 0) return;
  const points = run.trend.map((point) => ({ ...point, label: point.finishedAt.slice(0, 10), isComplete: point.complete }));
  points.push({ ...end.counts.bySeverity, total: end.counts.total, label: 'this run', isComplete: end.coverage.complete });
  element('chart-trend').replaceChildren(trendChart(points));
  element('trend-box').hidden = false;
  element('charts').classList.add('with-trend');
}
