import { parseArgs } from 'node:util';
import { evaluateOptOuts } from './evaluate/opt-outs.ts';

// How well the bot reads people, against sentences with their right reading:
//   npm run evaluate -- opt-outs [--wrong]
// --wrong lists what is misread, of the sentences that the rules were written with; the unseen ones stay unseen.

const { values, positionals } = parseArgs({
  options: { wrong: { type: 'boolean', default: false } },
  allowPositionals: true,
});
if (positionals.join() !== 'opt-outs') {
  throw new Error('Say what to evaluate: opt-outs');
}
for (const line of evaluateOptOuts({ listWrong: values.wrong })) {
  console.log(line);
}
