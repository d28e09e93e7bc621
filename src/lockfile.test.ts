import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/**
 * `npm install` can leave out packages for other platforms without a word, and write down where this machine fetched from;
 * both break `npm ci` somewhere else. So the lockfile is checked, not only used.
 */
interface LockedPackage {
  readonly version?: string;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

interface Lockfile {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

describe('The lockfile', () => {
  const lockfile: Lockfile = JSON.parse(readFileSync('package-lock.json', 'utf8'));

  it('is seen: it locks many packages, some of them for other platforms', () => {
    const packages = Object.values(lockfile.packages);
    expect(packages.length).toBeGreaterThan(100);
    expect(packages.some(({ optionalDependencies }) => optionalDependencies)).toBe(true);
  });

  it('names no place to fetch from', () => {
    expect(findPlaces(lockfile)).toEqual([]);
    expect(readFileSync('.npmrc', 'utf8')).not.toMatch(/registry\s*=|:\/\//);
  });

  it('has an entry for every platform’s package', () => {
    expect(findMissingPlatforms(lockfile)).toEqual([]);
  });

  it('would be caught with a place to fetch from in it', () => {
    const packages = {
      'node_modules/a': { version: '1.0.0', resolved: 'https://packages.example/a-1.0.0.tgz' },
      'node_modules/b': { version: 'git+ssh://git@code.example/b.git' },
      'node_modules/c': { version: '1.0.0' },
    };
    expect(findPlaces({ packages })).toEqual(['node_modules/a', 'node_modules/b']);
  });

  it('would be caught without one of the platforms', () => {
    const packages = {
      'node_modules/a': { optionalDependencies: { 'a-linux': '1.0.0', 'a-windows': '1.0.0', 'a-own': '1.0.0' } },
      'node_modules/a-linux': {},
      'node_modules/a/node_modules/a-own': {},
    };
    expect(findMissingPlatforms({ packages })).toEqual(['node_modules/a needs an entry for a-windows']);
  });
});

describe('The list of packages', () => {
  it('pins every version exactly', () => {
    expect(findLooseVersions(JSON.parse(readFileSync('package.json', 'utf8')))).toEqual([]);
  });

  it('would be caught with a range, a tag or a place instead of a version', () => {
    const dependencies = { a: '1.2.3', b: '7.0.0-rc14', c: '^1.2.3', d: '1.2', e: 'latest', f: 'github:e/e' };
    expect(findLooseVersions({ dependencies, devDependencies: { g: '>=1.2.3' } })).toEqual([
      'c ^1.2.3',
      'd 1.2',
      'e latest',
      'f github:e/e',
      'g >=1.2.3',
    ]);
  });
});

function findPlaces({ packages }: Lockfile): readonly string[] {
  return Object.entries(packages)
    .filter(([, { version = '', resolved = '', link }]) => !link && (resolved !== '' || version.includes(':')))
    .map(([path]) => path);
}

function findMissingPlatforms({ packages }: Lockfile): readonly string[] {
  return Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter(
        (name) => !placesToLookIn(path).some((folder) => Object.hasOwn(packages, `${folder}node_modules/${name}`)),
      )
      .map((name) => `${path} needs an entry for ${name}`),
  );
}

/** Where Node looks for a package that `path` asks for: below itself, then below each package around it. */
function placesToLookIn(path: string): readonly string[] {
  const around = path.split('/node_modules/').slice(0, -1);
  return [
    path === '' ? '' : `${path}/`,
    ...around.map((_, index) => `${around.slice(0, index + 1).join('/node_modules/')}/`),
    '',
  ];
}

function findLooseVersions(manifest: Manifest): readonly string[] {
  return [manifest.dependencies, manifest.devDependencies, manifest.optionalDependencies]
    .flatMap((group) => Object.entries(group ?? {}))
    .filter(([, version]) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version))
    .map(([name, version]) => `${name} ${version}`);
}
