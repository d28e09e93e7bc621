import { elapsed, formatLocalTime, formatSpan } from '../lib/time.ts';
import type { Connection } from '../shop/connection-health.ts';
import { describeTrouble, isShop } from '../shop/describe-connection.ts';
import type { Shop } from './command.ts';

/** One line for each shop that is connected, and for what else has trouble: how it stands with it, and what to do. */
export function describeConnections(
  connections: readonly Connection[],
  { texts, settings, now }: Pick<Shop, 'texts' | 'settings' | 'now'>,
): readonly { readonly isWell: boolean; readonly line: string }[] {
  return connections.flatMap<{ readonly isWell: boolean; readonly line: string }>(
    ({ name, trouble, troubleSince, checkedAt }) => {
      const system = texts.connections.names[name];
      if (!checkedAt || !(trouble || isShop(name))) {
        return [];
      }
      if (!trouble) {
        return [
          { isWell: true, line: texts.connections.well(system, formatSpan(elapsed(checkedAt, now), texts.locale)) },
        ];
      }
      const since = formatLocalTime(troubleSince ?? checkedAt, settings['shop.timezone'], texts.locale);
      return [{ isWell: false, line: texts.connections.trouble(system, since, describeTrouble(name, trouble, texts)) }];
    },
  );
}
