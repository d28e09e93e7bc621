import type { Command } from '../command.ts';

export const replay: Command = {
  name: 'replay',
  allowed: ['owner', 'manager'],
  async run(_request, { texts, replayArrivals }) {
    const count = await replayArrivals();
    return { text: count === 0 ? texts.replay.nothing : texts.replay.again(count) };
  },
};
