// Start: first what is quick, then the findings block by block, so that the page can be used while it fills.

// MARK: Detail panel

let openPosition = -1;

function openDetail(position, takesFocus) {
  openPosition = position;
  const panel = element('detail');
  fillDetail(panel, findings, selected[position]);
  panel.hidden = false;
  document.body.classList.add('with-detail');
  element('main').inert = narrow.matches;
  element('previous').disabled = position === 0;
  element('next').disabled = position >= selected.length - 1;
  element('place').textContent = `${grouped(position + 1)} of ${grouped(selected.length)}`;
  if (takesFocus || narrow.matches) panel.querySelector('h2').focus();
}

function closeDetail() {
  if (openPosition < 0) return;
  openPosition = -1;
  element('detail').hidden = true;
  element('main').inert = false;
  document.body.classList.remove('with-detail');
  element('grid').focus({ preventScroll: true });
}

function step(by) {
  const position = openPosition + by;
  if (openPosition < 0 || position < 0 || position >= selected.length) return;
  grid.activate(position);
  openDetail(position, false);
}

// MARK: Controls

function fillColumnMenu() {
  element('columns').replaceChildren(...columns.map((column) => {
    const box = make('input', '');
    box.type = 'checkbox';
    box.checked = column.isShown;
    box.addEventListener('change', () => {
      column.isShown = box.checked;
      if (columns.every((column) => !column.isShown)) {
        column.isShown = true;
        box.checked = true;
      }
      grid.rebuild();
    });
    return make('label', 'choice', box, ` ${column.title}`);
  }));
}

/** A narrow screen begins with what a card holds; the rest is in the menu and in the panel. */
function showFewColumns() {
  for (const column of columns) column.isShown = ['severity', 'object', 'value', 'rule'].includes(column.id);
}

/** Opens the finding with a fingerprint, whatever is filtered. */
function openByFingerprint(fingerprint) {
  const index = findings.records.findIndex((record) => record[RECORD.fingerprint] === fingerprint);
  if (index >= 0) openFinding(index);
}

/** Opens a finding by its number; what hides it is put aside. */
function openFinding(index) {
  let position = selected.indexOf(index);
  if (position < 0) {
    filters.isFolded = false;
    clearFilters();
    position = selected.indexOf(index);
  }
  grid.activate(position);
  openDetail(position, true);
}

function connect() {
  let waiting = 0;
  element('search').addEventListener('input', (event) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      filters.terms = event.target.value.toLowerCase().split(/\s+/).filter((term) => term);
      fromTheTop();
    }, 80);
  });
  element('clear').addEventListener('click', () => {
    clearFilters();
    element('search').focus();
  });
  element('print').addEventListener('click', () => window.print());
  element('fold').addEventListener('click', toggleFold);
  connectExport();
  element('close').addEventListener('click', closeDetail);
  element('previous').addEventListener('click', () => step(-1));
  element('next').addEventListener('click', () => step(1));
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') {
      const menu = document.querySelector('details.menu[open]');
      if (menu) {
        menu.open = false;
        menu.querySelector('summary').focus();
      } else closeDetail();
    } else if (event.key === '/' && !event.target.closest('input, select, textarea')) {
      event.preventDefault();
      element('search').focus();
    }
  });
  document.addEventListener('click', (event) => {
    const menu = document.querySelector('details.menu[open]');
    if (menu && !menu.contains(event.target)) menu.open = false;
  });
  narrow.addEventListener('change', () => {
    element('main').inert = narrow.matches && openPosition >= 0;
    grid.show(selected, sort);
  });
  window.addEventListener('hashchange', followAddress);
  window.addEventListener('beforeprint', fillPrintTable);
  window.addEventListener('afterprint', () => element('print-table').replaceChildren());
}

// MARK: Theme

const THEMES = ['auto', 'light', 'dark'];

function connectTheme() {
  const button = element('theme');
  const apply = (theme) => {
    document.documentElement.dataset.theme = theme;
    button.textContent = { auto: 'Theme: system', light: 'Theme: light', dark: 'Theme: dark' }[theme];
  };
  let theme = 'auto';
  try {
    theme = THEMES.includes(localStorage.getItem('theme')) ? localStorage.getItem('theme') : 'auto';
  } catch {
    // Pages from files may have no storage; then the choice lasts as long as the page.
  }
  apply(theme);
  button.addEventListener('click', () => {
    theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
    apply(theme);
    try {
      localStorage.setItem('theme', theme);
    } catch {
      // As above.
    }
  });
}

// MARK: Printing

/** Numbers by rule, and the gravest of the filtered findings, as ordinary tables, which printers can break into pages. */
function fillPrintTable() {
  const shown = Array.from(selected.subarray(0, MOST_PRINTED_ROWS));
  const titles = ['Severity', 'Object', 'Attribute and value', 'Finding'];
  if (findings.hasStates) titles.splice(1, 0, 'State');
  const rows = shown.map((index) => {
    const value = make('td', '', make('div', 'attribute', textNodes(findings.attributeName(index))));
    value.append(make('div', 'mono', valueNodes(findings.get(index, 'value'), findings.get(index, 'spans') || null, 300)));
    const cells = [make('td', '', SEVERITY_NAMES[SEVERITIES[findings.severity[index]]])];
    if (findings.hasStates) cells.push(make('td', '', STATE_NAMES[STATES[findings.state[index]]] ?? ''));
    cells.push(make('td', '', dnNodes(findings.get(index, 'dn'))), value,
      make('td', '', make('div', '', textNodes(findings.get(index, 'message'), 600)), make('div', 'attribute', `${findings.ruleID(index)}, ${EFFECTS[findings.effect[index]]}`)));
    return make('tr', '', ...cells);
  });
  const counts = findings.tally(findings.rule, findings.rules.list);
  const rules = findings.rules.list.map((id, number) => [id, counts[number], findings.loudestOf(number)])
    .sort((left, right) => right[2] - left[2] || right[1] - left[1])
    .map(([id, count, severity]) => make('tr', '', make('td', '', grouped(count)), make('td', '', SEVERITY_NAMES[SEVERITIES[severity]] ?? ''),
      make('td', '', textNodes(ruleTitle(id)), ' ', make('span', 'attribute', textNodes(id)))));
  const note = selected.length > shown.length ? `The gravest ${grouped(shown.length)} of ${counted(selected.length, 'finding', 'findings')}` : counted(shown.length, 'finding', 'findings');
  element('print-table').replaceChildren(
    make('h2', '', 'By rule'), printed(['Findings', 'Severity', 'Rule'], rules), make('h2', '', note), printed(titles, rows));
}

function printed(titles, rows) {
  const head = make('tr', '', ...titles.map((title) => make('th', title === 'State' ? 'state' : '', title)));
  const table = make('table', '', make('thead', '', head), make('tbody', '', ...rows));
  return table;
}

// MARK: Loading

/** Lets the browser draw and take input before the next piece of work. */
function pause() {
  return new Promise((resolve) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => resolve();
    channel.port2.postMessage(0);
  });
}

async function start() {
  if (narrow.matches) showFewColumns();
  connectTheme();
  for (const id of ['controls', 'browser']) element(id).hidden = false;
  // What stands in for the table where no script runs.
  element('gravest')?.remove();
  document.title = plainTitle(document.title);
  connect();
  let began = performance.now();
  for (const [number, block] of blocks.entries()) {
    findings.add(JSON.parse(block.textContent));
    block.remove();
    if (number === 0) refresh();
    if (performance.now() - began > 40) {
      await pause();
      began = performance.now();
    }
  }
  connectTiles();
  fillFilters();
  fillCharts();
  fillColumnMenu();
  if (findings.information === findings.count) filters.isFolded = false;
  refresh();
  followAddress();
  document.documentElement.dataset.ready = performance.now().toFixed(0);
}

start();
