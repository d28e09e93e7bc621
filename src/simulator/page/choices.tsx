import type { Bubble, ShownChoice } from '../demo/page-state.ts';
import type { Desk } from './desk.ts';
import { Icon } from './icons.tsx';
import { Sheet } from './sheet.tsx';

interface ChoicesProps {
  readonly bubble: Bubble;
  readonly desk: Desk;
}

/** What can be tapped on under a message: buttons, links, and one button for each list. */
export function Choices({ bubble, desk }: ChoicesProps) {
  const lists = new Set(bubble.choices.flatMap(({ list }) => list ?? []));
  const buttons = bubble.choices.filter(({ list }) => list === undefined);
  if (bubble.choices.length === 0) {
    return undefined;
  }
  return (
    <div class="phone-choices">
      {buttons.map((choice, index) => (
        <Choice key={`${index} ${choice.label}`} choice={choice} bubble={bubble} desk={desk} />
      ))}
      {[...lists].map((list) => (
        <button
          type="button"
          key={list}
          aria-haspopup="dialog"
          onClick={() => desk.open({ kind: 'choices', message: bubble.id, list })}
        >
          <Icon name="list" size={18} /> {list}
        </button>
      ))}
    </div>
  );
}

function Choice({ choice, bubble, desk }: ChoicesProps & { readonly choice: ShownChoice }) {
  const { label, token, url } = choice;
  if (url && /^https?:/.test(url)) {
    return (
      <a href={url} target="_blank" rel="noopener noreferrer">
        <Icon name="link" size={18} /> {label}
      </a>
    );
  }
  const isMute = token === undefined || bubble.mine;
  return (
    <button type="button" disabled={isMute} onClick={() => tap(bubble, choice, desk)}>
      <Icon name={token === undefined ? 'copy' : 'reply'} size={18} /> {label}
    </button>
  );
}

/** The rows of a list, to take one. */
export function ChoiceSheet({ bubble, list, desk }: ChoicesProps & { readonly list: string }) {
  const take = async (choice: ShownChoice) => {
    desk.close();
    await tap(bubble, choice, desk);
  };
  return (
    <Sheet title={list} close={desk.close}>
      <ul class="phone-rows">
        {bubble.choices
          .filter((choice) => choice.list === list)
          .map((choice, index) => (
            <li key={`${index} ${choice.label}`}>
              <button type="button" disabled={choice.token === undefined || bubble.mine} onClick={() => take(choice)}>
                {choice.label}
              </button>
            </li>
          ))}
      </ul>
    </Sheet>
  );
}

async function tap(bubble: Bubble, { token }: ShownChoice, desk: Desk): Promise<void> {
  if (token !== undefined) {
    await desk.act({ act: 'tap', phone: desk.phone, message: bubble.id, token });
  }
}
