// Values of the directory as people can read them: nothing hidden, nothing that reorders the line, bad characters marked.

const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}\p{Cs}\p{DI}\u2800]/u;
const BLANK = /\p{Zs}/u;
const COMBINING = /\p{M}/u;
const PLAIN = /^[!-~]([ -~]*[!-~])?$/;

/** Names of characters, by code point, as far as the report gives them. */
const characterNames = new Map();

/** `U+00A0 NO-BREAK SPACE`. */
function describeCharacter(codePoint) {
  const name = characterNames.get(codePoint);
  return name ? `${notation(codePoint)} ${name}` : notation(codePoint);
}

function notation(codePoint) {
  return `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** Makes an element; the content is text or nodes, never markup. */
function make(tag, className, ...content) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...content.filter((item) => item !== null && item !== undefined));
  return element;
}

/** The characters of a value: code points, or bytes that are not UTF-8 as negative numbers from -256 to -1. */
function elementsOf(value) {
  if (typeof value === 'string') return Array.from(value, (character) => character.codePointAt(0));
  if (value.text !== undefined) return elementsOf(value.text);
  const bytes = Uint8Array.from(atob(value.b64), (character) => character.charCodeAt(0));
  const elements = [];
  for (let index = 0; index < bytes.length;) {
    const [codePoint, length] = decodeAt(bytes, index);
    elements.push(codePoint);
    index += length;
  }
  return elements;
}

function decodeAt(bytes, index) {
  const first = bytes[index];
  if (first < 0x80) return [first, 1];
  const length = first >= 0xC2 && first <= 0xDF ? 2 : first >= 0xE0 && first <= 0xEF ? 3 : first >= 0xF0 && first <= 0xF4 ? 4 : 0;
  if (length === 0 || index + length > bytes.length) return [first - 256, 1];
  let codePoint = first & (0x7F >> length);
  for (let position = 1; position < length; position += 1) {
    const byte = bytes[index + position];
    if ((byte & 0xC0) !== 0x80) return [first - 256, 1];
    codePoint = codePoint << 6 | byte & 0x3F;
  }
  const isOverlong = length === 3 && codePoint < 0x800 || length === 4 && codePoint < 0x10000;
  const isNone = codePoint > 0x10FFFF || codePoint >= 0xD800 && codePoint <= 0xDFFF;
  return isOverlong || isNone ? [first - 256, 1] : [codePoint, length];
}

/** A value as plain text for searching and sorting. */
function plainText(value) {
  if (typeof value === 'string') return value;
  if (!value) return '';
  if (value.text !== undefined) return plainText(value.text);
  return elementsOf(value).map((element) => element < 0 ? '\uFFFD' : String.fromCodePoint(element)).join('');
}

/**
 * A value as nodes: hidden characters as chips, flagged ones marked.
 *
 * `spans` holds offset, length and code point (or -1) one after the other. With `limit` the value is cut to about so many
 * characters around the first flagged place.
 */
function valueNodes(value, spans, limit = Infinity) {
  const fragment = document.createDocumentFragment();
  if (value === 0 || value === null || value === undefined) return fragment;
  if (typeof value === 'string' && !spans && PLAIN.test(value)) {
    fragment.append(value.length > limit ? `${value.slice(0, limit)}…` : value);
    return fragment;
  }
  const elements = elementsOf(value);
  const shift = value.from ?? 0;
  const flags = flagged(elements.length, spans, shift);
  const [start, end] = windowOf(elements.length, spans, shift, limit);
  if (start > 0 || shift > 0) fragment.append(make('span', 'cut', '…'));
  let run = '';
  let isMarked = false;
  let target = fragment;
  const flush = () => {
    if (run) target.append(run);
    run = '';
  };
  for (let index = start; index <= end; index += 1) {
    const marked = flags.has(index);
    if (marked !== isMarked) {
      flush();
      target = marked ? make('mark', '') : fragment;
      if (marked) fragment.append(target);
      isMarked = marked;
    }
    if (index === elements.length) {
      if (marked) target.append(make('span', 'gap', '▾'));
      break;
    }
    if (index === end) break;
    const shown = shownForm(elements, index, marked);
    if (typeof shown === 'string') run += shown;
    else {
      flush();
      target.append(shown);
    }
  }
  flush();
  if (end < elements.length || value.bytes !== undefined) fragment.append(make('span', 'cut', '…'));
  return fragment;
}

function flagged(count, spans, shift) {
  const flags = new Set();
  for (let index = 0; spans && index < spans.length; index += 3) {
    const first = spans[index] - shift;
    const length = Math.max(1, spans[index + 1]);
    for (let place = Math.max(0, first); place < first + length && place <= count; place += 1) flags.add(place);
  }
  return flags;
}

function windowOf(count, spans, shift, limit) {
  if (count <= limit) return [0, count];
  const first = spans && spans.length > 0 ? spans[0] - shift : 0;
  const start = first > limit * 0.7 ? Math.min(first - 12, count - 1) : 0;
  return [Math.max(0, start), Math.min(count, Math.max(0, start) + limit)];
}

/** The text of a character, or a chip where it cannot be seen. */
function shownForm(elements, index, isMarked) {
  const element = elements[index];
  if (element < 0) return chip(`\\x${(element + 256).toString(16).toUpperCase()}`, 'a byte that is not part of UTF-8');
  if (element === 0x20) {
    const isEdge = index === 0 || index === elements.length - 1;
    return isMarked || isEdge ? chip('␣', describeCharacter(element), 'space') : ' ';
  }
  if (element > 0x20 && element < 0x7F) return String.fromCharCode(element);
  const character = String.fromCodePoint(element);
  if (HIDDEN.test(character) || BLANK.test(character)) return chip(notation(element), describeCharacter(element));
  if (COMBINING.test(character) && (isMarked || index === 0)) return chip(`◌${character}`, describeCharacter(element));
  return character;
}

function chip(text, title, kind = '') {
  const node = make('span', `chip ${kind}`, text);
  node.title = title;
  return node;
}

/** A DN as nodes that may break after a comma. */
function dnNodes(dn) {
  const fragment = valueNodes(dn, null);
  for (const node of Array.from(fragment.childNodes)) {
    if (node.nodeType !== Node.TEXT_NODE) continue;
    const parts = node.data.split(/(?<=,)/);
    node.replaceWith(...parts.flatMap((part, index) => index === 0 ? [part] : [document.createElement('wbr'), part]));
  }
  return fragment;
}

/** A text of the report (a DN, a message) as nodes, with hidden characters as chips. */
function textNodes(text, limit = Infinity) {
  return valueNodes(text, null, limit);
}

/** What is flagged, in words, each kind of character once: `U+0020 SPACE (2 times)`. */
function flaggedNames(spans) {
  const counts = new Map();
  for (let index = 0; spans && index < spans.length; index += 3) {
    const codePoint = spans[index + 2];
    if (codePoint >= 0) counts.set(codePoint, (counts.get(codePoint) ?? 0) + 1);
  }
  return Array.from(counts, ([codePoint, count]) => describeCharacter(codePoint) + (count > 1 ? ` (${count} times)` : ''));
}
