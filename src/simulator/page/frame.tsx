import { useLiveState } from './live-state.ts';
import { Phone } from './phone.tsx';

/** The whole page: what steers this world, and the phones in it. */
export function Frame() {
  const { world, phones } = useLiveState();
  const everybody = [...phones.values()];
  return (
    <main>
      <pre>{JSON.stringify(world, undefined, 1)}</pre>
      {everybody.map((phone) => (
        <Phone
          key={phone.number}
          phone={phone}
          everybody={everybody}
          now={new Date(world?.clock.now ?? 0)}
          timeZone={world?.clock.timeZone ?? 'UTC'}
          inspectMessage={() => undefined}
          inspectContact={() => undefined}
          complain={() => undefined}
        />
      ))}
    </main>
  );
}
