import {
  actingFiles,
  adapterFolders,
  bannedNames,
  commandFolder,
  commandList,
  databaseClock,
  domainFolders,
  type Home,
  machineFiles,
  packageHomes,
  pageFolder,
  pageMayKnow,
  ports,
  pureNodeModules,
  rootFiles,
  settingKey,
  settingsRegistry,
  testSupport,
  type WordRule,
  wordRules,
} from './plan.ts';
import { type Import, lineAt, readSource, type Source } from './source.ts';

export interface ProjectFile {
  /** From the top of the project, with `/`: `src/shop/cart.ts`, `drizzle/0000_start.sql`, `package.json`. */
  readonly path: string;
  readonly text: string;
}

/** Every place where the files leave the plan in `plan.ts`, one sentence each; none when the house is in shape. */
export function findBreaches(files: readonly ProjectFile[]): readonly string[] {
  const rooms = files.filter(({ path }) => /\.tsx?$/.test(path)).map(readRoom);
  return [
    ...rooms.flatMap((room) => [
      ...findMisplacement(room),
      ...findBadName(room),
      ...findBadExports(room),
      ...findStrayImports(room),
      ...findStrayWords(room),
    ]),
    ...findStaleRows(files),
    ...findDatabaseClocks(files),
    ...findLonelyPorts(rooms),
    ...findUnlistedCommands(rooms),
    ...findUnknownSettings(rooms),
  ];
}

type Kind = 'domain' | 'adapter' | 'simulator' | 'page' | 'root' | 'script' | 'test' | 'checker' | 'unknown';

/** A source file and where it stands in the plan. */
interface Room {
  readonly source: Source;
  readonly kind: Kind;
  /** The path below `src/`, as homes are written; for a script the path from the top. */
  readonly path: string;
  /** The first folder below `src/`; empty for a file beside the folders. */
  readonly folder: string;
}

function readRoom(file: ProjectFile): Room {
  return { source: readSource(file.path, file.text), ...locate(file.path) };
}

function locate(fullPath: string): Omit<Room, 'source'> {
  const path = fullPath.replace(/^src\//, '');
  const folder = path.includes('/') ? (path.split('/')[0] ?? '') : '';
  return { path, folder, kind: kindOf(fullPath, path, folder) };
}

function kindOf(fullPath: string, path: string, folder: string): Kind {
  if (path.endsWith('.test.ts') || livesIn(path, testSupport)) return 'test';
  if (!fullPath.startsWith('src/')) return 'script';
  if (folder === 'architecture') return 'checker';
  if (path.startsWith(pageFolder)) return 'page';
  if (folder === 'simulator') return 'simulator';
  if (domainFolders.includes(folder)) return 'domain';
  if (adapterFolders.includes(folder)) return 'adapter';
  return rootFiles.includes(path) ? 'root' : 'unknown';
}

function livesIn(path: string, homes: readonly Home[]): boolean {
  return homes.some((home) => {
    if (home.startsWith('*')) return path.endsWith(home.slice(1));
    return home.endsWith('/') ? path.startsWith(home) : path === home;
  });
}

function isDeciding(room: Pick<Room, 'kind' | 'path'>): boolean {
  return room.kind === 'domain' && !livesIn(room.path, actingFiles);
}

function findMisplacement({ kind, source }: Room): readonly string[] {
  return kind === 'unknown' ? [`${source.path} lies in no folder of the plan; find its noun, or add the folder`] : [];
}

function findBadName({ source }: Room): readonly string[] {
  return source.path
    .split('/')
    .map((segment) => segment.split('.')[0] ?? '')
    .filter((name) => bannedNames.includes(name))
    .map((name) => `${source.path} is called “${name}”, which says nothing; call it after its noun`);
}

const exportRules: ReadonlyArray<readonly [pattern: RegExp, sentence: string]> = [
  [/\bexport\s+default\b|\bas\s+default\b/g, 'exports a default; export it by name'],
  [/\bexport\s+(?:type\s+)?(?:\*(?:\s+as\s+\w+)?|\{[^}]*\})\s*from\b/g, 're-exports; import from the file itself'],
];
const importRule = [/\bimport\s*\(\s*(?!['"\s])/g, 'imports a computed name, which no check can follow'] as const;

function findBadExports({ kind, source }: Room): readonly string[] {
  const rules = kind === 'test' || kind === 'script' ? exportRules : [...exportRules, importRule];
  return rules.flatMap(([pattern, sentence]) =>
    [...source.code.matchAll(pattern)].map((match) => `${at(source, match.index)} ${sentence}`),
  );
}

function findStrayImports(room: Room): readonly string[] {
  return room.source.imports.flatMap((found) => {
    const reason = found.specifier.startsWith('.') ? objectToFile(room, found) : objectToPackage(room, found.specifier);
    return reason === undefined ? [] : [`${room.source.path}:${found.line} imports ${reason}`];
  });
}

/** What is wrong with importing one of our own files, beginning with its path; `undefined` when nothing is. */
function objectToFile(room: Room, { specifier }: Import): string | undefined {
  const fullPath = resolvePath(room.source.path, specifier);
  const target = locate(fullPath);
  if (fullPath === 'src/main.ts') {
    return `${fullPath}, which is the process itself and belongs to nobody`;
  }
  if (room.kind === 'test' || room.kind === 'script') {
    return undefined;
  }
  const objection = objectToTarget(room, target);
  return objection && `${fullPath}, but ${objection}`;
}

function objectToTarget(room: Room, target: Omit<Room, 'source'>): string | undefined {
  if (room.kind === 'page') {
    return target.kind === 'page' || pageMayKnow.includes(target.path)
      ? undefined
      : 'a page runs in the browser and knows itself and what it is told';
  }
  switch (target.kind) {
    case 'page':
      return 'a page runs in the browser; nobody else knows it';
    case 'test':
    case 'script':
      return room.kind === 'simulator' && livesIn(target.path, testSupport)
        ? undefined
        : 'the program knows nothing but itself';
    case 'checker':
      return room.kind === 'checker' ? undefined : 'only the architecture test knows the checker';
    case 'root':
      return objectToRoot(room, target.path);
    case 'domain':
      return objectToDomain(room, target);
    default:
      return objectToAdapter(room, target.folder);
  }
}

function objectToRoot(room: Room, path: string): string | undefined {
  if (knowsEverything(room)) return undefined;
  return path === 'app.ts'
    ? 'only main.ts, tests, scripts and the simulator build the app'
    : 'what a room needs to know is handed in by app.ts';
}

function objectToDomain(room: Room, target: Omit<Room, 'source'>): string | undefined {
  if (room.kind === 'checker') return 'the checker knows only files as text';
  if (room.kind !== 'domain') return undefined;
  if (domainFolders.indexOf(target.folder) > domainFolders.indexOf(room.folder)) {
    return `${room.folder} comes before ${target.folder}; hand it in through app.ts, or move it down`;
  }
  if (isDeciding(room) && !isDeciding(target)) {
    return 'a deciding file knows deciding files only; let a flow load the facts';
  }
  return undefined;
}

function objectToAdapter(room: Room, folder: string): string | undefined {
  if (knowsEverything(room) || folder === room.folder) return undefined;
  if (folder === 'database' && (room.kind === 'adapter' || livesIn(room.path, actingFiles))) return undefined;
  if (room.kind === 'adapter') {
    return `an adapter knows the domain and database/, not ${folder}/`;
  }
  return folder === 'database'
    ? 'only stores and flows know database/'
    : `only app.ts and the simulator know ${folder}/; the domain declares a port`;
}

function knowsEverything({ kind, path }: Room): boolean {
  return kind === 'simulator' || path === 'main.ts' || path === 'app.ts';
}

/** What is wrong with importing a package, beginning with its name. Tests and scripts may import what is installed. */
function objectToPackage(room: Room, specifier: string): string | undefined {
  if (room.kind === 'test' || room.kind === 'script') {
    return undefined;
  }
  if (room.kind === 'page') {
    return objectToPagePackage(specifier);
  }
  if (specifier.startsWith('node:')) {
    return isDeciding(room) && !livesIn(room.path, machineFiles) && !pureNodeModules.includes(specifier)
      ? `${specifier}, but a deciding file does not reach outside; let a flow or an adapter do it`
      : undefined;
  }
  const name = packageName(specifier);
  const homes = Object.hasOwn(packageHomes, name) ? packageHomes[name] : undefined;
  if (homes === undefined) {
    return `${name}, which has no row among the packages in src/architecture/plan.ts; add a row and a README line`;
  }
  return livesIn(room.path, homes) ? undefined : `${name}, whose only home is ${homes.join(', ')}`;
}

/** The browser gets what lives in the page's own folder; a package of all the simulator is not for it. */
function objectToPagePackage(specifier: string): string | undefined {
  const homes = packageHomes[packageName(specifier)] ?? [];
  return homes.includes(pageFolder) ? undefined : `${specifier}, which does not run in a browser`;
}

function packageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function findStaleRows(files: readonly ProjectFile[]): readonly string[] {
  const manifest = files.find(({ path }) => path === 'package.json');
  if (manifest === undefined) {
    return [];
  }
  const { dependencies = {} }: { dependencies?: Readonly<Record<string, string>> } = JSON.parse(manifest.text);
  return Object.keys(packageHomes)
    .filter((name) => !Object.hasOwn(dependencies, name))
    .map((name) => `src/architecture/plan.ts gives ${name} a home, but package.json does not depend on it`);
}

function findStrayWords(room: Room): readonly string[] {
  return wordRules
    .filter((rule) => concerns(rule, room) && !livesIn(room.path, rule.homes))
    .flatMap((rule) =>
      [...room.source[rule.look].matchAll(rule.words)].map(
        (match) => `${at(room.source, match.index)} says “${match[0]}”, but ${rule.because}`,
      ),
    );
}

function concerns(rule: WordRule, room: Room): boolean {
  if (room.kind === 'script' || room.kind === 'checker' || room.path === 'architecture.test.ts') return false;
  if (rule.among === 'deciding') return isDeciding(room);
  return rule.among === 'tests too' || room.kind !== 'test';
}

function findDatabaseClocks(files: readonly ProjectFile[]): readonly string[] {
  return files
    .filter(({ path }) => path.startsWith('drizzle/') && path.endsWith('.sql'))
    .map(({ path, text }) => ({ path, text: text.replace(/--[^\n]*/g, '') }))
    .flatMap((file) =>
      [...file.text.matchAll(databaseClock)].map(
        (match) => `${at(file, match.index)} says “${match[0]}”, but no column fills in the time by itself`,
      ),
    );
}

/** A port stays while two real implementations do. Ports and folders that are not built yet are not missed. */
function findLonelyPorts(rooms: readonly Room[]): readonly string[] {
  return ports
    .filter(({ file }) => rooms.some(({ path }) => path === file))
    .flatMap(({ file, type, implementedIn }) => {
      const annotation = new RegExp(String.raw`(?::|\bimplements|\bextends|\bsatisfies|[<|&])\s*${type}\b`);
      const able = rooms.filter(({ kind, source }) => kind !== 'test' && annotation.test(source.code));
      return Object.entries(implementedIn)
        .filter(([home]) => rooms.some(({ path }) => livesIn(path, [home])))
        .map(([home, wanted]) => ({ home, wanted, found: able.filter(({ path }) => livesIn(path, [home])).length }))
        .filter(({ wanted, found }) => found < wanted)
        .map(
          ({ home, wanted, found }) =>
            `src/${file} declares the port ${type}, which ${home} should implement in ${wanted} file(s) and does in ${found}`,
        );
    });
}

function findUnlistedCommands(rooms: readonly Room[]): readonly string[] {
  const list = rooms.find(({ path }) => path === commandList);
  const listed = list?.source.imports.map(({ specifier }) => resolvePath(list.source.path, specifier)) ?? [];
  return rooms
    .filter(({ kind, path }) => kind === 'domain' && path.startsWith(commandFolder))
    .filter(({ source }) => !listed.includes(source.path))
    .map(({ source }) => `${source.path} is a command that src/${commandList} does not list; nobody can type it`);
}

function findUnknownSettings(rooms: readonly Room[]): readonly string[] {
  const registry = rooms.find(({ path }) => path === settingsRegistry);
  if (registry === undefined) {
    return [];
  }
  const known = new Set(quotedKeys(registry.source).map(({ key }) => key));
  return rooms
    .filter(({ kind }) => kind !== 'test' && kind !== 'script' && kind !== 'checker')
    .flatMap(({ source }) =>
      quotedKeys(source)
        .filter(({ key }) => !known.has(key))
        .map(
          ({ key, offset }) =>
            `${at(source, offset)} uses the setting ${key}, which src/${settingsRegistry} does not have`,
        ),
    );
}

function quotedKeys({ text, quoted }: Source): ReadonlyArray<{ readonly key: string; readonly offset: number }> {
  return [...quoted.matchAll(/[a-z-]+\.[a-z-]+/g)]
    .map((match) => ({ key: match[0], offset: match.index }))
    .filter(({ key, offset }) => settingKey.test(key) && text[offset - 1] === "'" && text[offset + key.length] === "'");
}

function at({ path, text }: ProjectFile, offset: number): string {
  return `${path}:${lineAt(text, offset)}`;
}

function resolvePath(from: string, specifier: string): string {
  const segments = from.split('/').slice(0, -1);
  for (const segment of specifier.split('/')) {
    if (segment === '..') {
      segments.pop();
    } else if (segment !== '.') {
      segments.push(segment);
    }
  }
  return segments.join('/');
}
