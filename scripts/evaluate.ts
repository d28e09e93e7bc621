import { parseArgs } from 'node:util';
import { evaluateOptOuts } from './evaluate/opt-outs.ts';

// How well the bot reads people, against sentences with their right reading:
//   npm run evaluate -- opt-outs [--wrong] [--learned-only]
// --wrong lists what is misread of the sentences that are learned from; the unseen ones stay unseen. --learned-only leaves those out
// altogether: who looks at their figures while improving the model learns from them too.

const { values, positionals } = parseArgs({
  options: { wrong: { type: 'boolean', default: false }, 'learned-only': { type: 'boolean', default: false } },
  allowPositionals: true,
});
if (positionals.join() !== 'opt-outs') {
  throw new Error('Say what to evaluate: opt-outs');
}
for (const line of evaluateOptOuts({ listWrong: values.wrong, keptBack: !values['learned-only'] })) {
  console.log(line);
}
