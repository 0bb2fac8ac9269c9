// Bars that filter, and the course of earlier runs as a drawing.

const SVG = 'http://www.w3.org/2000/svg';

function draw(tag, attributes, ...content) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...content);
  return element;
}

/**
 * A list of bars; each is a button that filters the table.
 *
 * `items` have `label`, perhaps a `remark`, `count`, `kind` (a class for the colour), `hint` and `choose`.
 */
function barList(items) {
  const most = items.reduce((most, item) => Math.max(most, item.count), 1);
  const list = make('ul', 'bars');
  for (const item of items) {
    const label = make('span', 'bar-label', item.label);
    if (item.remark) label.append(make('span', 'quiet', `  ${item.remark}`));
    const count = make('span', 'bar-count', grouped(item.count));
    const share = Math.max(0.6, item.count / most * 100);
    const drawing = draw('svg', { class: `bar ${item.kind}`, 'aria-hidden': 'true', focusable: 'false' },
      draw('rect', { class: 'bar-track', width: '100%', height: '100%', rx: 3 }),
      draw('rect', { class: 'bar-fill', width: item.count === 0 ? '0' : `${share}%`, height: '100%', rx: 3 }));
    const button = make('button', 'bar-button', label, count, drawing);
    button.type = 'button';
    button.title = item.hint;
    button.setAttribute('aria-label', `${item.label}: ${counted(item.count, 'finding', 'findings')}. Show only these`);
    button.setAttribute('aria-pressed', 'false');
    button.addEventListener('click', item.choose);
    item.button = button;
    list.append(make('li', '', button));
  }
  return list;
}

/** The findings of earlier runs and of this one, by severity, as stacked areas. */
function trendChart(points) {
  const size = { width: 640, height: 190, left: 46, right: 12, top: 12, bottom: 26 };
  const inner = { width: size.width - size.left - size.right, height: size.height - size.top - size.bottom };
  const most = niceMaximum(points.reduce((most, point) => Math.max(most, point.total), 1));
  const x = (index) => size.left + (points.length === 1 ? inner.width / 2 : index / (points.length - 1) * inner.width);
  const y = (count) => size.top + inner.height - count / most * inner.height;
  const chart = draw('svg', { viewBox: `0 0 ${size.width} ${size.height}`, class: 'trend', role: 'img', 'aria-label': trendText(points) });
  for (let step = 0; step <= 4; step += 1) {
    const count = most / 4 * step;
    if (!Number.isInteger(count)) continue;
    chart.append(
      draw('line', { class: 'grid-line', x1: size.left, x2: size.width - size.right, y1: y(count), y2: y(count) }),
      draw('text', { class: 'axis', x: size.left - 8, y: y(count) + 4, 'text-anchor': 'end' }, grouped(count)));
  }
  let below = points.map(() => 0);
  for (const severity of ['error', 'warning', 'info']) {
    const above = points.map((point, index) => below[index] + point[severity]);
    const upper = above.map((count, index) => `${x(index).toFixed(1)},${y(count).toFixed(1)}`);
    const lower = below.map((count, index) => `${x(index).toFixed(1)},${y(count).toFixed(1)}`).reverse();
    chart.append(draw('polygon', { class: `area ${severity}`, points: [...upper, ...lower].join(' ') }));
    chart.append(draw('polyline', { class: `line ${severity}`, points: upper.join(' ') }));
    below = above;
  }
  const radius = points.length > 60 ? 1.6 : 3;
  points.forEach((point, index) => {
    const dot = draw('circle', {
      class: point.isComplete ? 'dot' : 'dot partial', cx: x(index).toFixed(1), cy: y(point.total).toFixed(1), r: radius,
    });
    dot.append(draw('title', {}, `${point.label}: ${counted(point.total, 'finding', 'findings')}${point.isComplete ? '' : ', not everything was read'}`));
    chart.append(dot);
  });
  const ticks = points.length > 1 ? [0, Math.floor((points.length - 1) / 2), points.length - 1] : [0];
  for (const index of new Set(ticks)) {
    const anchor = points.length === 1 ? 'middle' : index === 0 ? 'start' : index === points.length - 1 ? 'end' : 'middle';
    chart.append(draw('text', { class: 'axis', x: x(index), y: size.height - 6, 'text-anchor': anchor }, points[index].label));
  }
  return chart;
}

/** The least round number that is not below a count and can be cut in four. */
function niceMaximum(count) {
  const power = 10 ** Math.floor(Math.log10(count));
  const factor = [1, 2, 4, 6, 8, 10].find((factor) => factor * power >= count) ?? 10;
  return Math.max(4, factor * power);
}

function trendText(points) {
  const first = points[0];
  const last = points[points.length - 1];
  return `Findings over ${counted(points.length, 'run', 'runs')}: ${grouped(first.total)} on ${first.label}, ${grouped(last.total)} on ${last.label}`;
}
