// What leaves the page: rows as CSV, changes as PowerShell or LDIF, links. Values are written by strangers, so that each form
// has its own way of writing them; the program writes PowerShell and LDIF by the same rules.

/** The UTF-8 bytes of a value; nothing for one of which the page has a part only. */
function bytesOf(value) {
  if (typeof value === 'string') return new TextEncoder().encode(value);
  if (value.b64 !== undefined) return Uint8Array.from(atob(value.b64), (character) => character.charCodeAt(0));
  return null;
}

function base64(bytes) {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

// MARK: CSV

/** A cell that no spreadsheet takes for a formula, wherever it thinks that a cell begins. */
function csvCell(text) {
  const guarded = text
    .replace(/(^|[;\t\r\n])([\u0000-\u0020\u007F"\u00A0\uFEFF\u200B\u2060\u3000]*)([=+\-@\uFF1D\uFF0B\uFF0D\uFF20])/g, "$1$2'$3")
    .replace(/^[\t\r\n]/, "'$&").replaceAll('\0', '\\u{0000}');
  return /[,;\t"\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}

/** A value as in the program's own CSV. */
function csvValue(value) {
  if (value === 0) return '';
  if (value.b64 !== undefined) return `base64:${value.b64}`;
  return plainText(value) + (value.bytes !== undefined ? '…' : '');
}

/** The rows shown, with a byte order mark, by which spreadsheets know UTF-8. */
function csvOf(rows) {
  const head = ['severity', 'state', 'effect', 'rule', 'finding', 'object', 'objectGUID', 'class', 'attribute', 'value', 'message', 'suggestion', 'suggestedValue', 'source', 'line', 'fingerprint'];
  const lines = [head.map(csvCell).join(',')];
  for (const index of rows) {
    const suggestion = findings.get(index, 'suggestion');
    const line = findings.get(index, 'line');
    lines.push([
      SEVERITIES[findings.severity[index]], STATES[findings.state[index]] ?? '', EFFECTS[findings.effect[index]],
      findings.ruleID(index), ruleTitle(findings.ruleID(index)), csvValue(findings.get(index, 'dn')), findings.get(index, 'guid') || '',
      findings.className(index), findings.attributeName(index), csvValue(findings.get(index, 'value')), findings.get(index, 'message'),
      suggestion === 0 ? '' : suggestion[0], suggestion === 0 ? '' : csvValue(suggestion[1]), findings.sourceName(index),
      line === 0 ? '' : String(line), findings.get(index, 'fingerprint'),
    ].map(csvCell).join(','));
  }
  return `\uFEFF${lines.join('\r\n')}\r\n`;
}

function save(text, name) {
  const address = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
  const anchor = make('a', '');
  anchor.href = address;
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

// MARK: Changes

/** The change that a finding suggests: old and new value, of which one may be missing; nothing where no change is offered. */
function changeOf(index) {
  const suggestion = findings.get(index, 'suggestion');
  if (suggestion === 0 || STATES[findings.state[index]] === 'gone') return null;
  const [action, suggested] = suggestion;
  const name = findings.attributeName(index);
  const value = findings.get(index, 'value');
  const old = action === 'add' ? null : value;
  const fresh = action === 'remove' ? null : suggested;
  // A value of which the page has a part only cannot be named.
  for (const part of [old, fresh, findings.get(index, 'dn')]) {
    if (part === 0 || (part !== null && bytesOf(part) === null)) return null;
  }
  // A primary address goes only together with its replacement, and a sign-in name is never only taken away.
  const facts = findings.factsOf(name);
  if (action === 'remove' && (facts.isAccount || facts.isAddress && facts.isMultivalued && /^SMTP:/.test(plainText(value)))) return null;
  return { name, old, fresh, isMultivalued: facts.isMultivalued };
}

const QUOTES = /['\u2018\u2019\u201A\u201B]/g;

/** A value as an expression of PowerShell: nothing in it ends its quotation, and nothing in it is hidden. */
function powershellValue(value) {
  if (value.b64 !== undefined) return `([Convert]::FromBase64String('${value.b64}'))`;
  const parts = [];
  let plain = '';
  const flush = () => {
    if (plain !== '' || parts.length === 0) parts.push(`'${plain.replace(QUOTES, '$&$&')}'`);
    plain = '';
  };
  for (const character of value) {
    const code = character.codePointAt(0);
    const isShown = code < 0x7F ? code >= 0x20 : !HIDDEN.test(character) && !BLANK.test(character) && !COMBINING.test(character);
    if (isShown) plain += character;
    else {
      flush();
      for (let unit = 0; unit < character.length; unit += 1) parts.push(`[char]0x${character.charCodeAt(unit).toString(16).toUpperCase()}`);
    }
  }
  if (plain !== '' || parts.length === 0) flush();
  return parts.length === 1 ? parts[0] : `(${parts.join(' + ')})`;
}

function powershellKey(name) { return /^[A-Za-z0-9]+$/.test(name) ? name : powershellValue(name); }

/** The change as a command; nothing where none is offered. */
function powershellOf(index) {
  const change = changeOf(index);
  if (!change) return null;
  const guid = findings.get(index, 'guid');
  const identity = guid !== 0 ? `'${guid}'` : powershellValue(findings.get(index, 'dn'));
  const table = (value) => `@{${powershellKey(change.name)}=${powershellValue(value)}}`;
  const remove = change.old === null ? '' : ` -Remove ${table(change.old)}`;
  const add = change.fresh === null ? '' : ` -Add ${table(change.fresh)}`;
  if (change.old !== null && change.fresh !== null && !change.isMultivalued) {
    if (change.name.toLowerCase() === 'userprincipalname') return `Set-ADUser -Identity ${identity} -UserPrincipalName ${powershellValue(change.fresh)}`;
    return `Set-ADObject -Identity ${identity} -Replace ${table(change.fresh)}`;
  }
  return `Set-ADObject -Identity ${identity}${remove}${add}`;
}

/** `name: value`, or in base64 where the value is not plain (RFC 2849, SAFE-STRING). */
function ldifLine(name, value) {
  if (typeof value === 'string' && /^(?![ :<])[ -~]*(?<! )$/.test(value)) return `${name}: ${value}`;
  return `${name}:: ${base64(bytesOf(value))}`;
}

/** The change as a change record, which names the old value: it fails where that is no longer there. */
function ldifOf(index) {
  const change = changeOf(index);
  if (!change) return null;
  const lines = [ldifLine('dn', findings.get(index, 'dn')), 'changetype: modify'];
  if (change.old !== null) lines.push(`delete: ${change.name}`, ldifLine(change.name, change.old), '-');
  if (change.fresh !== null) lines.push(`add: ${change.name}`, ldifLine(change.name, change.fresh), '-');
  return `${lines.join('\n')}\n`;
}

/** Changes of the rows shown, each once. */
function changesOf(rows, form) {
  const texts = new Set();
  for (const index of rows) {
    const text = form(index);
    if (text !== null) texts.add(text);
  }
  return Array.from(texts);
}

// MARK: Links

/** The address of the page as it is shown, or with one finding. */
function linkTo(fingerprint) {
  const parts = fingerprint ? new URLSearchParams({ id: fingerprint }) : shownAsParameters();
  return `${location.href.split('#')[0]}#${parts}`;
}

function connectExport() {
  element('save-csv').addEventListener('click', () => {
    save(csvOf(selected), 'findings.csv');
    announce(`${counted(selected.length, 'row', 'rows')} saved`);
  });
  const copies = [
    ['copy-powershell', () => changesOf(selected, powershellOf).join('\n')],
    ['copy-ldif', () => changesOf(selected, ldifOf).join('\n')], ['copy-link', () => linkTo()],
  ];
  for (const [id, text] of copies) element(id).addEventListener('click', (event) => copyFrom(event.currentTarget, text()));
}
