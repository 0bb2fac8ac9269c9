// The table: only the rows in sight exist. The keyboard moves an active row; focus stays on the table.

// On a narrow screen a row is a card of three lines.
const rowHeight = () => (narrow.matches ? 92 : 40);
const ROWS_BEYOND_SIGHT = 12;

class Grid {
  /** `columns` have `id`, `title`, `width`, `key` to sort by and `cell`, which fills an element. */
  constructor(scroller, columns, { onOpen, onSort }) {
    this.scroller = scroller;
    this.columns = columns;
    this.onOpen = onOpen;
    this.onSort = onSort;
    this.rows = new Uint32Array(0);
    this.active = 0;
    this.rendered = new Map();
    this.header = make('div', 'row header');
    this.header.setAttribute('role', 'row');
    this.header.setAttribute('aria-rowindex', '1');
    this.body = make('div', 'rows');
    this.body.setAttribute('role', 'rowgroup');
    const head = make('div', 'head', this.header);
    head.setAttribute('role', 'rowgroup');
    scroller.append(head, this.body);
    scroller.addEventListener('scroll', () => this.schedule(), { passive: true });
    scroller.addEventListener('keydown', (event) => this.keyDown(event));
    this.body.addEventListener('click', (event) => this.clicked(event));
    new ResizeObserver(() => this.schedule()).observe(scroller);
  }

  get shownColumns() { return this.columns.filter((column) => column.isShown); }

  /** Shows other findings, or the same in another order. */
  show(rows, sort) {
    this.rows = rows;
    this.sort = sort;
    this.active = Math.max(0, Math.min(this.active, rows.length - 1));
    this.scroller.setAttribute('aria-rowcount', String(rows.length + 1));
    this.body.style.setProperty('height', `${rows.length * rowHeight()}px`);
    this.scroller.style.setProperty('--rows', `${Math.min(rows.length, 1000) * rowHeight()}px`);
    this.rebuild();
  }

  /** Makes everything anew: after a change of rows, order or columns. */
  rebuild() {
    const template = this.shownColumns.map((column) => column.width).join(' ');
    this.scroller.style.setProperty('--columns', template);
    const least = this.shownColumns.reduce((sum, column) => sum + column.least, 24);
    this.scroller.style.setProperty('--least-width', `${least}px`);
    this.scroller.setAttribute('aria-colcount', String(this.shownColumns.length));
    const focused = document.activeElement?.dataset?.column;
    this.header.replaceChildren(...this.shownColumns.map((column) => this.headerCell(column)));
    if (focused) this.header.querySelector(`[data-column="${CSS.escape(focused)}"]`)?.focus();
    for (const row of this.rendered.values()) row.remove();
    this.rendered.clear();
    this.render();
  }

  headerCell(column) {
    const order = this.sort?.column === column ? (this.sort.isDescending ? 'descending' : 'ascending') : 'none';
    const arrow = make('span', 'arrow', order === 'ascending' ? '▲' : order === 'descending' ? '▼' : '');
    arrow.setAttribute('aria-hidden', 'true');
    const button = make('button', 'sort', column.title, arrow);
    button.type = 'button';
    button.dataset.column = column.id;
    button.title = `Sort by ${column.title.toLowerCase()}`;
    button.addEventListener('click', () => this.onSort(column));
    const cell = make('div', 'cell', button);
    cell.setAttribute('role', 'columnheader');
    cell.setAttribute('aria-sort', order);
    return cell;
  }

  schedule() {
    if (this.isScheduled) return;
    this.isScheduled = true;
    requestAnimationFrame(() => {
      this.isScheduled = false;
      this.render();
    });
  }

  render() {
    const top = this.scroller.scrollTop;
    const height = this.scroller.clientHeight;
    const first = Math.max(0, Math.floor(top / rowHeight()) - ROWS_BEYOND_SIGHT);
    const last = Math.min(this.rows.length, Math.ceil((top + height) / rowHeight()) + ROWS_BEYOND_SIGHT);
    for (const [position, row] of this.rendered) {
      if ((position < first || position >= last) && position !== this.active) {
        row.remove();
        this.rendered.delete(position);
      }
    }
    const fresh = document.createDocumentFragment();
    const add = (position) => {
      if (this.rendered.has(position) || position >= this.rows.length) return;
      const row = this.row(position);
      this.rendered.set(position, row);
      fresh.append(row);
    };
    for (let position = first; position < last; position += 1) add(position);
    add(this.active);
    this.body.append(fresh);
    this.markActive();
  }

  row(position) {
    const index = this.rows[position];
    const row = make('div', `row ${position % 2 === 1 ? 'odd' : ''}`);
    row.id = `row-${position}`;
    row.setAttribute('role', 'row');
    row.setAttribute('aria-rowindex', String(position + 2));
    row.dataset.position = String(position);
    row.style.setProperty('transform', `translateY(${position * rowHeight()}px)`);
    for (const column of this.shownColumns) {
      const cell = make('div', `cell ${column.id}`);
      cell.setAttribute('role', 'gridcell');
      column.cell(cell, index);
      row.append(cell);
    }
    return row;
  }

  markActive() {
    for (const [position, row] of this.rendered) {
      const isActive = position === this.active;
      row.classList.toggle('active', isActive);
      row.setAttribute('aria-selected', isActive ? 'true' : 'false');
    }
    if (this.rows.length > 0) this.scroller.setAttribute('aria-activedescendant', `row-${this.active}`);
    else this.scroller.removeAttribute('aria-activedescendant');
  }

  /** Makes a row the active one and brings it into sight. */
  activate(position) {
    if (this.rows.length === 0) return;
    this.active = Math.max(0, Math.min(position, this.rows.length - 1));
    const headHeight = this.header.offsetHeight;
    const top = this.active * rowHeight();
    const room = this.scroller.clientHeight - headHeight;
    if (top < this.scroller.scrollTop) this.scroller.scrollTop = top;
    else if (top + rowHeight() > this.scroller.scrollTop + room) this.scroller.scrollTop = top + rowHeight() - room;
    this.render();
  }

  keyDown(event) {
    if (event.target !== this.scroller || event.altKey || event.ctrlKey || event.metaKey) return;
    const page = Math.max(1, Math.floor((this.scroller.clientHeight - this.header.offsetHeight) / rowHeight()) - 1);
    const moves = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    if (event.key in moves) {
      const target = this.active + moves[event.key];
      this.activate(target === Infinity ? this.rows.length - 1 : target === -Infinity ? 0 : target);
    } else if (event.key === 'Enter' || event.key === ' ') {
      if (this.rows.length > 0) this.onOpen(this.active, true);
    } else return;
    event.preventDefault();
  }

  clicked(event) {
    const row = event.target.closest('[data-position]');
    if (!row || String(document.getSelection()) !== '') return;
    this.activate(Number(row.dataset.position));
    this.onOpen(this.active, false);
  }
}
