import type { Bubble, BubbleContent, PollOption } from '../demo/page-state.ts';
import type { Desk } from './desk.ts';
import { countOf } from './figures.ts';

interface PollProps {
  readonly bubble: Bubble;
  readonly poll: Extract<BubbleContent, { kind: 'poll' }>;
  readonly desk: Desk;
}

/** A question with options, how many chose each, and one's own choice, which a second touch takes back. */
export function Poll({ bubble, poll, desk }: PollProps) {
  const { question, options, several } = poll;
  const most = Math.max(1, ...options.map(({ voters }) => voters.length));
  const choose = async (option: PollOption) => {
    const chosen = options.filter(({ mine }) => mine).map(({ name }) => name);
    const others = several ? chosen.filter((name) => name !== option.name) : [];
    const wanted = option.mine ? others : [...others, option.name];
    await desk.act({ act: 'vote', phone: desk.phone, message: bubble.id, options: wanted });
  };
  return (
    <fieldset class="phone-poll">
      <legend>{question}</legend>
      <p class="phone-small">{several ? 'Select one or more' : 'Select one'}</p>
      {options.map((option) => (
        <label key={option.name} title={option.voters.join(', ')}>
          <input
            type={several ? 'checkbox' : 'radio'}
            checked={option.mine}
            onClick={async (event) => {
              // The mark comes when the vote has been given.
              event.preventDefault();
              await choose(option);
            }}
          />
          <span>{option.name}</span>
          <span class="phone-small">
            {option.voters.length}
            <span class="phone-unseen"> {countOf(option.voters.length, 'vote').replace(/^\d+ /, '')}</span>
          </span>
          <span class="phone-share" style={{ '--phone-share': `${(100 * option.voters.length) / most}%` }} />
        </label>
      ))}
    </fieldset>
  );
}
