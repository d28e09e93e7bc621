/**
 * Reads a TypeScript file just far enough to tell code, quoted text and comments apart, and to list its imports.
 * It is no parser: it knows strings, templates, comments and regular expressions, which is all that the rules need.
 */
export interface Source {
  readonly path: string;
  readonly text: string;
  /** The text with comments and everything in quotes blanked out; the same length, so offsets agree. */
  readonly code: string;
  /** The text with everything but the insides of strings, templates and regular expressions blanked out. */
  readonly quoted: string;
  readonly imports: readonly Import[];
}

export interface Import {
  /** As written: `./cart.ts`, `hono/cors`, `node:fs`. */
  readonly specifier: string;
  readonly line: number;
}

export function readSource(path: string, text: string): Source {
  const { code, quoted } = separate(text);
  return { path, text, code, quoted, imports: findImports(text, code) };
}

export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

/** `from '…'`, `import '…'`, `import('…')`, and the relative file that a worker is started from. */
const importPattern = /(?:\bfrom|\bimport|\bimport\s*\(|\brequire\s*\(|\bnew\s+URL\s*\()\s*(['"])( *)\1/g;

function findImports(text: string, code: string): readonly Import[] {
  return [...code.matchAll(importPattern)]
    .map((match) => {
      const end = match.index + match[0].length - 1;
      const specifier = text.slice(end - (match[2] ?? '').length, end);
      return { specifier, line: lineAt(text, match.index), address: match[0].startsWith('new') };
    })
    .filter(({ specifier, address }) => !address || /^\..*\.[jt]s$/.test(specifier))
    .map(({ specifier, line }) => ({ specifier, line }));
}

/** Tried in this order at every position; a regular expression only where a value may begin. */
const plainCode = /[^'"`/{}]+/y;
const commentOrString = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^'\\\n]|\\[\s\S])*'|"(?:[^"\\\n]|\\[\s\S])*"/y;
const regularExpression = /\/(?![*/])(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y;
const templateChunk = /(?:[^`\\$]|\\[\s\S]|\$(?!\{))*(?:`|\$\{|$)/y;
const valueMayBegin = /(?:^|[^\w$)\]}'"`\s<]|\b(?:return|typeof|case|in|of|await|yield|do|else|void|delete))\s*$/;

interface Scan {
  readonly text: string;
  readonly code: string[];
  readonly quoted: string[];
  /** For each template that we are inside of: how many braces are open in its current `${…}`. */
  readonly braces: number[];
  offset: number;
}

function separate(text: string): { readonly code: string; readonly quoted: string } {
  const scan: Scan = { text, code: [], quoted: [], braces: [], offset: 0 };
  while (scan.offset < text.length) {
    readOne(scan);
  }
  return { code: scan.code.join(''), quoted: scan.quoted.join('') };
}

function readOne(scan: Scan): void {
  const plain = matchAt(plainCode, scan);
  if (plain !== undefined) {
    emit(scan, plain, blank(plain));
    return;
  }
  const piece = matchAt(commentOrString, scan) ?? matchRegularExpression(scan);
  if (piece === undefined) {
    readCharacter(scan);
  } else if (piece.startsWith('//') || piece.startsWith('/*')) {
    emit(scan, blank(piece), blank(piece));
  } else {
    emitQuoted(scan, piece, 1, 1);
  }
}

function readCharacter(scan: Scan): void {
  const character = scan.text[scan.offset] ?? '';
  const depth = scan.braces.at(-1);
  emit(scan, character, blank(character));
  if (character === '`') {
    readTemplateChunk(scan);
  } else if (character === '{' && depth !== undefined) {
    scan.braces[scan.braces.length - 1] = depth + 1;
  } else if (character === '}' && depth !== undefined) {
    scan.braces.pop();
    if (depth === 0) {
      readTemplateChunk(scan);
    } else {
      scan.braces.push(depth - 1);
    }
  }
}

/** Reads to the end of the template or to its next `${`, which is code again. */
function readTemplateChunk(scan: Scan): void {
  const chunk = matchAt(templateChunk, scan) ?? '';
  const opens = chunk.endsWith('${');
  if (opens) {
    scan.braces.push(0);
  }
  emitQuoted(scan, chunk, 0, opens ? 2 : 1);
}

/** The quotes themselves stay in the code, so that `import ''` can still be seen there. */
function emitQuoted(scan: Scan, piece: string, before: number, after: number): void {
  const inside = piece.slice(before, Math.max(before, piece.length - after));
  const opening = piece.slice(0, before);
  const closing = piece.slice(before + inside.length);
  emit(scan, opening + blank(inside) + closing, blank(opening) + inside + blank(closing));
}

function emit(scan: Scan, code: string, quoted: string): void {
  scan.code.push(code);
  scan.quoted.push(quoted);
  scan.offset += code.length;
}

function matchAt(pattern: RegExp, scan: Scan): string | undefined {
  pattern.lastIndex = scan.offset;
  return pattern.exec(scan.text)?.[0];
}

function matchRegularExpression(scan: Scan): string | undefined {
  if (scan.text[scan.offset] !== '/') {
    return undefined;
  }
  return valueMayBegin.test(scan.code.slice(-200).join('')) ? matchAt(regularExpression, scan) : undefined;
}

function blank(text: string): string {
  return text.replace(/[^\n]/g, ' ');
}
