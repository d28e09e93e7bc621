import type { SignalDataTypeMap, SignalKeyStoreWithTransaction } from '@whiskeysockets/baileys';

/**
 * A phone's Signal keys in memory. Transactions are calls and nothing more: a phone does its encryption in turn, and a
 * simulated phone does not crash in the middle of it.
 */
export function makeSimulatedKeys(): SignalKeyStoreWithTransaction {
  const shelves = new Map<string, Map<string, unknown>>();
  return {
    get<Kind extends keyof SignalDataTypeMap>(kind: Kind, ids: string[]) {
      const shelf = shelves.get(kind);
      const found: Record<string, SignalDataTypeMap[Kind]> = {};
      for (const id of ids) {
        const value = shelf?.get(id);
        if (value !== undefined) {
          found[id] = value as SignalDataTypeMap[Kind];
        }
      }
      return found;
    },
    set(changes) {
      for (const [kind, entries] of Object.entries(changes)) {
        const shelf = shelves.get(kind) ?? new Map<string, unknown>();
        shelves.set(kind, shelf);
        put(shelf, entries);
      }
    },
    isInTransaction: () => false,
    transaction: (work) => work(),
  };
}

function put(shelf: Map<string, unknown>, entries: Readonly<Record<string, unknown>>): void {
  for (const [id, value] of Object.entries(entries)) {
    if (value === null) {
      shelf.delete(id);
    } else {
      shelf.set(id, value);
    }
  }
}
