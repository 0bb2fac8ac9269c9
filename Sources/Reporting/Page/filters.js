// What of the findings is shown.

function refresh() {
  selected = findings.select(filters, sort);
  grid.show(selected, sort);
  const total = findings.count;
  const gone = findings.gone > 0 ? `, ${grouped(findings.gone)} of them gone` : '';
  const text = selected.length === total ? counted(total, 'finding', 'findings') + gone : `${grouped(selected.length)} of ${counted(total, 'finding', 'findings')}`;
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

function isFiltered() {
  const { severities, terms, ...choices } = filters;
  return severities.size > 0 || terms.length > 0 || Object.values(choices).some((choice) => choice >= 0);
}

function clearFilters() {
  filters.severities.clear();
  Object.assign(filters, { effect: -1, state: -1, rule: -1, attribute: -1, objectClass: -1, terms: [] });
  element('search').value = '';
  grid.active = 0;
  grid.scroller.scrollTop = 0;
  refresh();
}

function choose(name, value) {
  filters[name] = filters[name] === value ? -1 : value;
  grid.active = 0;
  grid.scroller.scrollTop = 0;
  refresh();
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
    grid.active = 0;
    grid.scroller.scrollTop = 0;
    refresh();
  };
}

function fillFilters() {
  fillSelect('filter-effect', 'effect', 'Every effect', EFFECTS, findings.tally(findings.effect, EFFECTS));
  fillSelect('filter-state', 'state', 'Every state', STATES.map((state) => STATE_NAMES[state]), findings.tally(findings.state, STATES));
  const titles = findings.rules.list.map(ruleTitle);
  fillSelect('filter-rule', 'rule', 'Every rule', titles, findings.tally(findings.rule, titles));
  fillSelect('filter-attribute', 'attribute', 'Every attribute', findings.attributes.list, findings.tally(findings.attribute, findings.attributes.list));
  fillSelect('filter-class', 'objectClass', 'Every class', findings.classes.list.map((name) => name || 'unknown'), findings.tally(findings.objectClass, findings.classes.list));
}
