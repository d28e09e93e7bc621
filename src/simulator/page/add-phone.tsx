import { useState } from 'preact/hooks';
import { doAct } from './act.ts';
import { noteAddedPhone } from './added-phone.ts';
import { Modal } from './dialogs.tsx';

const parts = [
  { part: 'customer', label: 'Customer', about: 'writes to the shop' },
  { part: 'advisor', label: 'Advisor', about: 'helps customers; to the bot they are a customer so far' },
] as const;

type NewPart = (typeof parts)[number]['part'];

/** Asks who else shall have a phone. */
export function AddPhone({ close }: { readonly close: () => void }) {
  const [name, setName] = useState('');
  const [part, setPart] = useState<NewPart>('customer');
  const [problem, setProblem] = useState<string>();

  async function add(event: Event) {
    event.preventDefault();
    noteAddedPhone();
    const refusal = await doAct({ act: 'add-phone', name: name.trim(), part });
    if (refusal) {
      setProblem(refusal);
    } else {
      close();
    }
  }

  return (
    <Modal title="Add a phone" shape="card" close={close}>
      <form onSubmit={(event) => void add(event)}>
        <label>
          <span>Name</span>
          <input
            type="text"
            required
            pattern=".*\S.*"
            maxLength={25}
            autocomplete="off"
            value={name}
            onInput={({ currentTarget }) => setName(currentTarget.value)}
          />
        </label>
        <fieldset class="choices">
          <legend>Who is it?</legend>
          {parts.map(({ part: value, label, about }) => (
            <label key={value}>
              <input type="radio" name="part" checked={part === value} onChange={() => setPart(value)} />
              <span>
                <strong>{label}</strong> {about}
              </span>
            </label>
          ))}
        </fieldset>
        {problem && <p role="alert">{problem}</p>}
        <div class="answers">
          <button type="button" onClick={close}>
            Cancel
          </button>
          <button type="submit" class="main">
            Add
          </button>
        </div>
      </form>
    </Modal>
  );
}
