import { trainOptOuts } from './train/opt-outs.ts';

// Trains what the bot reads people with, from the sentences in the repository:
//   npm run train -- opt-outs

if (process.argv.slice(2).join() !== 'opt-outs') {
  throw new Error('Say what to train: opt-outs');
}
console.log(trainOptOuts());
