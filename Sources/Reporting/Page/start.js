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

/** A narrow screen begins with what fits; the rest is in the menu and in the panel. */
function showFewColumns() {
  for (const column of columns) column.isShown = ['severity', 'object', 'rule'].includes(column.id);
}

function connect() {
  let waiting = 0;
  element('search').addEventListener('input', (event) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      filters.terms = event.target.value.toLowerCase().split(/\s+/).filter((term) => term);
      grid.active = 0;
      grid.scroller.scrollTop = 0;
      refresh();
    }, 80);
  });
  element('clear').addEventListener('click', () => {
    clearFilters();
    element('search').focus();
  });
  element('print').addEventListener('click', () => window.print());
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
  narrow.addEventListener('change', () => { element('main').inert = narrow.matches && openPosition >= 0; });
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

/** The filtered findings as an ordinary table, which printers can break into pages. */
function fillPrintTable() {
  const shown = Array.from(selected.subarray(0, MOST_PRINTED_ROWS));
  const titles = ['Severity', 'Object', 'Attribute and value', 'Finding'];
  if (findings.hasStates) titles.splice(1, 0, 'State');
  const head = make('tr', '', ...titles.map((title) => make('th', title === 'State' ? 'state' : '', title)));
  const rows = shown.map((index) => {
    const value = make('td', '', make('div', 'attribute', textNodes(findings.attributeName(index))));
    value.append(make('div', 'mono', valueNodes(findings.get(index, 'value'), findings.get(index, 'spans') || null, 300)));
    const cells = [make('td', '', SEVERITY_NAMES[SEVERITIES[findings.severity[index]]])];
    if (findings.hasStates) cells.push(make('td', '', STATE_NAMES[STATES[findings.state[index]]] ?? ''));
    cells.push(make('td', '', dnNodes(findings.get(index, 'dn'))), value,
      make('td', '', make('div', '', textNodes(findings.get(index, 'message'), 600)), make('div', 'attribute', `${findings.ruleID(index)}, ${EFFECTS[findings.effect[index]]}`)));
    return make('tr', '', ...cells);
  });
  const note = selected.length > MOST_PRINTED_ROWS
    ? make('p', '', `The first ${grouped(MOST_PRINTED_ROWS)} of ${counted(selected.length, 'finding', 'findings')}; filter the page to print others.`) : '';
  element('print-table').replaceChildren(note, make('table', '', make('thead', '', head), make('tbody', '', ...rows)));
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
  fillHead();
  fillCoverage();
  fillCauses();
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
  fillTiles();
  fillFilters();
  fillCharts();
  fillColumnMenu();
  refresh();
  document.documentElement.dataset.ready = performance.now().toFixed(0);
}

start();
