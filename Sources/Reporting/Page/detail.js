// One finding in full.

const HOLDERS_AT_FIRST = 100;

/** Fills the panel with a finding. */
function fillDetail(panel, findings, index) {
  const ruleID = findings.ruleID(index);
  const rule = rulesByID.get(ruleID);
  const body = panel.querySelector('.detail-body');
  const severity = SEVERITIES[findings.severity[index]];
  const effect = EFFECTS[findings.effect[index]];
  panel.querySelector('h2').replaceChildren(proseNodes(ruleTitle(ruleID)));
  const badges = make('p', 'badges', badge(`severity ${severity}`, SEVERITY_NAMES[severity]), badge('effect', effect, EFFECT_MEANINGS[effect]));
  if (findings.state[index] !== NO_STATE) {
    const state = STATES[findings.state[index]];
    badges.append(badge(`state ${state}`, STATE_NAMES[state]));
  }
  badges.append(badge('', CERTAINTIES[findings.get(index, 'certainty')], 'how well the claim of the rule is known'));
  const nodes = [badges, make('p', 'message', textNodes(findings.get(index, 'message'), 2000)), ...memorySection(findings, index)];
  nodes.push(...valueSection(findings, index), ...suggestionSection(findings, index), objectSection(findings, index));
  nodes.push(...holdersSection(findings, index), ...othersSection(findings, index));
  if (rule) nodes.push(...explanationSection(rule));
  nodes.push(section('Rule', make('p', 'quiet', make('code', '', textNodes(ruleID)), ' · fingerprint ', make('code', '', findings.get(index, 'fingerprint'))),
    copyButton('Copy link', linkTo(findings.get(index, 'fingerprint')))));
  body.replaceChildren(...nodes);
  body.scrollTop = 0;
}

function badge(kind, text, title = '') {
  const node = make('span', `badge ${kind}`, text);
  if (title) node.title = title;
  return node;
}

function section(title, ...content) {
  return make('section', '', make('h3', '', title), ...content);
}

function memorySection(findings, index) {
  const firstSeen = findings.get(index, 'firstSeen');
  const suppression = findings.get(index, 'suppression');
  if (firstSeen === 0 && suppression === 0) return [];
  const list = make('dl', 'facts');
  const add = (name, text) => { if (text) list.append(make('dt', '', name), make('dd', '', textNodes(text))); };
  if (firstSeen !== 0) add('First seen', shortTime(firstSeen));
  if (suppression !== 0) {
    const [reason, owner, ticket, expires] = suppression;
    add('Accepted by', owner);
    add('Reason', reason);
    add('Ticket', ticket);
    add('Until', expires || 'no end');
  }
  return [section(suppression === 0 ? 'History' : 'Acceptance', list)];
}

function valueSection(findings, index) {
  const value = findings.get(index, 'value');
  const spans = findings.get(index, 'spans') || null;
  if (value === 0 && !spans) return [];
  const box = make('div', 'value-box', valueNodes(value === 0 ? '' : value, spans));
  const remarks = [];
  const names = flaggedNames(spans);
  if (names.length > 0) remarks.push(make('p', 'flagged', ...names.map((name) => make('span', 'flag-name', name))));
  if (value.bytes !== undefined) {
    remarks.push(make('p', 'quiet', `Part of a value of ${counted(value.bytes, 'byte', 'bytes')}; the JSON report has all of it.`));
  } else if (value.b64 !== undefined) {
    remarks.push(make('p', 'quiet', 'The value is not valid UTF-8.'));
  }
  const valueIndex = findings.get(index, 'valueIndex');
  const title = `Value of ${findings.attributeName(index)}${valueIndex > 0 ? `, number ${valueIndex + 1}` : ''}`;
  return [section(title, box, ...remarks)];
}

function suggestionSection(findings, index) {
  const suggestion = findings.get(index, 'suggestion');
  if (suggestion === 0) return [];
  const [action, value] = suggestion;
  const forms = [['Copy PowerShell', powershellOf(index)], ['Copy LDIF', ldifOf(index)]].filter(([, text]) => text !== null);
  const copies = forms.map(([name, text]) => copyButton(name, text));
  if (action === 'remove') return [section('Suggestion', make('p', '', 'Remove this value.'), ...copies)];
  const box = make('div', 'value-box good', valueNodes(value, null));
  const title = action === 'add' ? `Suggestion: add to ${findings.attributeName(index)}` : 'Suggestion: replace by';
  return [section(title, box, copyButton('Copy suggestion', plainText(value)), ...copies)];
}

function objectSection(findings, index) {
  const list = make('dl', 'facts');
  const add = (name, ...content) => list.append(make('dt', '', name), make('dd', '', ...content));
  add('DN', make('span', 'dn', dnNodes(findings.get(index, 'dn'))));
  const guid = findings.get(index, 'guid');
  if (guid !== 0) add('objectGUID', make('code', '', guid));
  if (findings.className(index)) add('Class', textNodes(findings.className(index)));
  add('Read from', textNodes(findings.location(index)));
  return section('Object', list, copyButton('Copy DN', findings.dn(index)));
}

function holdersSection(findings, index) {
  const related = findings.get(index, 'related');
  if (related === 0) return [];
  const own = [
    findings.get(index, 'dn'), findings.get(index, 'guid'), findings.className(index), findings.attributeName(index),
    findings.get(index, 'value'), findings.source[index], findings.get(index, 'line'), findings.get(index, 'column'),
  ];
  const holders = [own, ...related];
  const head = make('tr', '', ...['Object', 'Attribute and value'].map((title) => {
    const cell = make('th', '', title);
    cell.scope = 'col';
    return cell;
  }));
  const body = make('tbody', '');
  const append = (from, to) => {
    for (const holder of holders.slice(from, to)) body.append(holderRow(holder, findings));
  };
  append(0, HOLDERS_AT_FIRST);
  const table = make('table', 'holders', make('thead', '', head), body);
  const content = [make('div', 'holders-box', table)];
  if (holders.length > HOLDERS_AT_FIRST) {
    const more = make('button', 'plain', `Show all ${grouped(holders.length)}`);
    more.type = 'button';
    more.addEventListener('click', () => {
      append(HOLDERS_AT_FIRST, holders.length);
      more.remove();
    });
    content.push(more);
  }
  return [section(counted(holders.length, 'holder', 'holders'), ...content)];
}

function holderRow([dn, guid, objectClass, attribute, value, source, line, column], findings) {
  const object = make('td', '', make('span', 'dn', dnNodes(dn)));
  const facts = [objectClass, guid === 0 ? '' : guid, place(findings.sources.list[source], line, column)].filter((fact) => fact);
  object.append(make('span', 'quiet block', textNodes(facts.join(' · '))));
  return make('tr', '', object, make('td', '', make('span', 'quiet block', textNodes(attribute)), make('span', 'mono', valueNodes(value, null, 400))));
}

const OTHERS_SHOWN = 12;

/** What else was found on the object. */
function othersSection(findings, index) {
  const others = findings.othersOf(index);
  if (others.length === 0) return [];
  const list = make('ul', 'others', ...others.slice(0, OTHERS_SHOWN).map((other) => {
    const severity = SEVERITIES[findings.severity[other]];
    const button = make('button', 'plain', badge(`severity ${severity}`, SEVERITY_NAMES[severity]), ' ', textNodes(ruleTitle(findings.ruleID(other)), 120));
    button.type = 'button';
    button.addEventListener('click', () => openFinding(other));
    return make('li', '', button);
  }));
  const more = others.length > OTHERS_SHOWN ? make('p', 'quiet', `and ${grouped(others.length - OTHERS_SHOWN)} more`) : '';
  return [section(counted(others.length, 'other finding of this object', 'other findings of this object'), list, more)];
}

/** A text of a rule as nodes: what stands between backticks is code. */
function proseNodes(text) {
  const fragment = document.createDocumentFragment();
  text.split(/`([^`]+)`/).forEach((part, number) => {
    if (part === '') return;
    if (number % 2 === 1) {
      fragment.append(make('code', '', textNodes(part)));
      return;
    }
    // A space at the edge of a part stands between words.
    const [, before, words, after] = /^( *)([\s\S]*?)( *)$/.exec(part);
    fragment.append(before, textNodes(words), after);
  });
  return fragment;
}

function explanationSection(rule) {
  const paragraphs = rule.explanation.split(/\n\s*\n/).filter((text) => text.trim());
  const nodes = [section('What happens, and what to do', ...paragraphs.map((text) => make('p', '', proseNodes(text.trim()))))];
  if (rule.references.length > 0) {
    const links = rule.references.map((address) => make('li', '', link(address)));
    nodes.push(section('Sources', make('ul', 'references', ...links)));
  }
  return nodes;
}

/** A link to a page of the web; any other kind of address stays text. */
function link(address) {
  if (!/^https?:\/\/[^\s]+$/.test(address)) return make('span', '', textNodes(address));
  const node = make('a', '', textNodes(address.replace(/^https?:\/\//, '')));
  node.href = address;
  node.rel = 'noreferrer noopener';
  node.target = '_blank';
  return node;
}

function copyButton(title, text) {
  const button = make('button', 'plain copy', title);
  button.type = 'button';
  button.addEventListener('click', () => copyFrom(button, text));
  return button;
}

/** Copies a text and says so on the button. */
async function copyFrom(button, text) {
  const title = button.dataset.title ?? button.textContent;
  button.dataset.title = title;
  const isCopied = text !== '' && await copy(text);
  const answer = text === '' ? 'Nothing to copy' : isCopied ? 'Copied' : 'Not allowed here';
  announce(answer);
  button.textContent = answer;
  setTimeout(() => { button.textContent = title; }, 1500);
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
