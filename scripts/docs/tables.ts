import { commandList } from '../../src/admin/command-list.ts';
import { packageHomes } from '../../src/architecture/plan.ts';
import { variables } from '../../src/config.ts';
import { registry, settingKeys } from '../../src/settings/registry.ts';
import type { Setting } from '../../src/settings/setting.ts';
import { textsIn } from '../../src/texts/texts.ts';
import { purposes } from './dependencies.ts';

export interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

/** The reference tables of the README, by the name in their marks. */
export function referenceTables(manifest: Manifest): Readonly<Record<string, string>> {
  return {
    commands: commandsTable(),
    settings: settingsTable(),
    environment: environmentTable(),
    dependencies: dependenciesTable(manifest),
  };
}

function commandsTable(): string {
  const [en, es] = [textsIn('en'), textsIn('es')];
  return table(
    ['command', 'in Spanish', 'what it does', 'who'],
    commandList.map(({ name, allowed }) => [
      code(en.commands[name].usage),
      code(es.commands[name].usage),
      en.commands[name].help,
      allowed.join(', '),
    ]),
  );
}

function settingsTable(): string {
  const texts = textsIn('en');
  return table(
    ['setting', 'what it is', 'at first'],
    settingKeys.map((key) => {
      const setting: Setting<unknown> = registry[key];
      return [code(key), texts.settings[key], setting.format(setting.default)];
    }),
  );
}

function environmentTable(): string {
  return table(
    ['variable', 'what it is', 'expected', 'when unset'],
    Object.entries(variables).map(([name, { meaning, expected, otherwise }]) => [
      code(name),
      meaning,
      expected,
      otherwise,
    ]),
  );
}

function dependenciesTable({ dependencies, devDependencies }: Manifest): string {
  const versions = { ...dependencies, ...devDependencies };
  return table(
    ['package', 'version', 'what for', 'who may import it'],
    Object.entries(versions).map(([name, version]) => [
      code(name),
      version,
      purposes[name] ?? 'MISSING: add a line to scripts/docs/dependencies.ts',
      packageHomes[name]?.map(code).join(', ') ?? 'tools only',
    ]),
  );
}

function code(text: string): string {
  return `\`${text}\``;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Puts each table between its two marks. @throws when a mark is missing */
export function withTables(page: string, tables: Readonly<Record<string, string>>): string {
  return Object.entries(tables).reduce((text, [name, content]) => {
    const marks = new RegExp(`(<!-- generated: ${name} -->\\n)[\\s\\S]*?(<!-- end -->)`);
    if (!marks.test(text)) {
      throw new Error(`The page has no place for the table “${name}”`);
    }
    return text.replace(marks, (_all, start: string, end: string) => `${start}${content}\n${end}`);
  }, page);
}
