/**
 * Loads a module of the compiled program: what production runs is what is measured. The types are those of the source.
 *
 * `const { startApp } = await built<typeof import('../../src/app.ts')>('app.js')`
 */
export async function built<Module>(path: string): Promise<Module> {
  return import(new URL(`../../dist/${path}`, import.meta.url).href);
}
