// What of the findings is shown.

function refresh() {
  selected = findings.select(filters, sort);
  grid.show(selected, sort);
  const total = findings.count;
  const gone = findings.gone > 0 ? `, ${grouped(findings.gone)} of them gone` : '';
  const text = selected.length === total ? counted(total, 'finding', 'findings') + gone : `${grouped(selected.length)} of ${counted(total, 'finding', 'findings')}`;
  showFold();
  showContainers();
  element('shown').textContent = text;
  element('nothing').hidden = selected.length > 0;
  element('nothing-text').textContent = total === 0 ? end.verdict : 'No finding passes these filters.';
  element('clear').hidden = !isFiltered();
  announce(`${text} shown`);
  for (const button of document.querySelectorAll('[data-severity]')) {
    button.setAttribute('aria-pressed', String(filters.severities.has(Number(button.dataset.severity))));
  }
  for (const bar of bars) bar.button.setAttribute('aria-pressed', String(bar.isChosen()));
  for (const select of document.querySelectorAll('select[data-filter]')) select.value = String(filters[select.dataset.filter]);
  for (const button of document.querySelectorAll('[data-state]')) {
    button.setAttribute('aria-pressed', String(filters.state === Number(button.dataset.state)));
  }
}

const CHOICES = ['effect', 'state', 'rule', 'attribute', 'objectClass', 'domain'];

function isFiltered() {
  return filters.severities.size > 0 || filters.terms.length > 0 || filters.below !== null || CHOICES.some((name) => filters[name] >= 0);
}

/** Information is folded away until it is asked for, unless there is nothing else. */
function showFold() {
  const count = findings.information;
  const button = element('fold');
  button.hidden = count === 0 || count === findings.count || filters.severities.size > 0;
  button.textContent = filters.isFolded ? `Show ${grouped(count)} for information` : 'Hide information';
}

function toggleFold() {
  filters.isFolded = !filters.isFolded;
  fromTheTop();
}

function fromTheTop() {
  grid.active = 0;
  grid.scroller.scrollTop = 0;
  refresh();
  rememberInAddress();
}

function clearFilters() {
  filters.severities.clear();
  for (const name of CHOICES) filters[name] = -1;
  Object.assign(filters, { terms: [], below: null });
  element('search').value = '';
  fromTheTop();
}

function choose(name, value) {
  filters[name] = filters[name] === value ? -1 : value;
  fromTheTop();
}

function fillSelect(id, name, label, names, counts) {
  const select = element(id);
  select.dataset.filter = name;
  const present = names.map((title, number) => ({ title, number, count: counts[number] })).filter((item) => item.count > 0);
  const all = make('option', '', label);
  all.value = '-1';
  select.replaceChildren(all, ...present.map((item) => {
    const option = make('option', '', `${item.title} (${grouped(item.count)})`);
    option.value = String(item.number);
    return option;
  }));
  select.closest('label').hidden = present.length < 2;
  select.onchange = () => {
    filters[name] = Number(select.value);
    fromTheTop();
  };
}

function fillFilters() {
  fillSelect('filter-effect', 'effect', 'Every effect', EFFECTS, findings.tally(findings.effect, EFFECTS));
  fillSelect('filter-state', 'state', 'Every state', STATES.map((state) => STATE_NAMES[state]), findings.tally(findings.state, STATES));
  const titles = findings.rules.list.map(ruleTitle);
  fillSelect('filter-rule', 'rule', 'Every rule', titles, findings.tally(findings.rule, titles));
  fillSelect('filter-attribute', 'attribute', 'Every attribute', findings.attributes.list, findings.tally(findings.attribute, findings.attributes.list));
  fillSelect('filter-class', 'objectClass', 'Every class', findings.classes.list.map((name) => name || 'unknown'), findings.tally(findings.objectClass, findings.classes.list));
  fillSelect('filter-domain', 'domain', 'Every domain', findings.domains.list.map((name) => plainTitle(name) || 'no address'), findings.tally(findings.domain, findings.domains.list));
}

// MARK: Address

/** What of the findings is shown, as it stands behind the # of a link. */
function shownAsParameters() {
  const parts = new URLSearchParams();
  for (const severity of filters.severities) parts.append('severity', SEVERITIES[severity]);
  for (const [name, list] of choiceNames()) if (filters[name] >= 0) parts.set(name, list[filters[name]]);
  if (filters.below !== null) parts.set('below', filters.below);
  if (filters.terms.length > 0) parts.set('search', filters.terms.join(' '));
  if (!filters.isFolded && findings.information > 0) parts.set('information', 'shown');
  return parts;
}

function choiceNames() {
  return [
    ['effect', EFFECTS], ['state', STATES], ['rule', findings.rules.list], ['attribute', findings.attributes.list],
    ['objectClass', findings.classes.list], ['domain', findings.domains.list],
  ];
}

function rememberInAddress() {
  const text = shownAsParameters().toString();
  history.replaceState(null, '', `${location.href.split('#')[0]}${text ? `#${text}` : ''}`);
}

/** Shows what a link asks for; what it names and the page does not have is passed over. */
function followAddress() {
  if (!location.hash.includes('=')) return;
  const parts = new URLSearchParams(location.hash.slice(1));
  filters.severities = new Set(parts.getAll('severity').map((name) => SEVERITIES.indexOf(name)).filter((number) => number >= 0));
  for (const [name, list] of choiceNames()) filters[name] = parts.has(name) ? list.indexOf(parts.get(name)) : -1;
  filters.below = parts.get('below');
  filters.isFolded = parts.get('information') !== 'shown';
  const search = parts.get('search') ?? '';
  filters.terms = search.toLowerCase().split(/\s+/).filter((term) => term);
  element('search').value = search;
  const rule = filters.rule;
  if (rule >= 0 && findings.loudestOf(rule) === 0) filters.isFolded = false;
  grid.active = 0;
  refresh();
  if (parts.has('id')) openByFingerprint(parts.get('id'));
}
